package infopass.gateway.intake;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;

/**
 * The address that people are sent to: nothing is thrown, a host is a plain name or literal, and
 * where {@link URI} reads one too it is the same, so that no allow-list is passed by a second
 * reading.
 */
public final class RedirectUrlFuzz {
  private RedirectUrlFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    String text = new String(input, UTF_8);
    check(text);
    check("https://" + text);
  }

  private static void check(String url) {
    Optional<String> read = RedirectUrl.host(url);
    if (read.isEmpty()) {
      return;
    }
    String host = read.get();
    boolean literal = host.startsWith("[");
    require(
        host.matches(literal ? "\\[[0-9a-f:.]+]" : "[a-z0-9_-]+(\\.[a-z0-9_-]+)*"),
        "no name and no literal");
    require(
        RedirectUrl.host("http://" + host + "/").equals(read), "the host by itself is another one");
    try {
      URI uri = new URI(url);
      String other = uri.getHost();
      require(uri.getRawUserInfo() == null, "user-info was let through");
      if (other != null && other.chars().allMatch(c -> c < 0x80)) {
        String plain = other.toLowerCase(Locale.ROOT);
        require(
            host.equals(plain.endsWith(".") ? plain.substring(0, plain.length() - 1) : plain),
            "two readings of one address");
      }
    } catch (URISyntaxException e) {
      // No second reading.
    }
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }
}
