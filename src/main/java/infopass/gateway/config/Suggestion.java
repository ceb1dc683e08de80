package infopass.gateway.config;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;

/** The known key that a mistyped one was probably meant to be. */
final class Suggestion {
  private static final int FARTHEST = 2;

  private Suggestion() {}

  static Optional<String> of(String typed, Collection<String> known) {
    TreeMap<Integer, String> byDistance = new TreeMap<>();
    known.stream().sorted().forEach(key -> byDistance.putIfAbsent(distance(typed, key), key));
    return byDistance.isEmpty() || byDistance.firstKey() > Math.min(FARTHEST, typed.length() - 1)
        ? Optional.empty()
        : Optional.of(byDistance.firstEntry().getValue());
  }

  /** Levenshtein's, without regard to case. */
  private static int distance(String typed, String known) {
    if (Math.abs(typed.length() - known.length()) > FARTHEST) {
      return Integer.MAX_VALUE;
    }
    String a = typed.toLowerCase(Locale.ROOT);
    String b = known.toLowerCase(Locale.ROOT);
    int[] previous = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] current = new int[b.length() + 1];
      current[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int changed = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        current[j] = Math.min(changed, 1 + Math.min(previous[j], current[j - 1]));
      }
      previous = current;
    }
    return previous[b.length()];
  }
}
