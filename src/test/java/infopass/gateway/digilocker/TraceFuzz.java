package infopass.gateway.digilocker;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Optional;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The traceparent and X-Correlation-Id fields: read where the grammar says so and nowhere else, and
 * what is passed on is right by itself.
 */
public final class TraceFuzz {
  private static final Pattern TRACE =
      Pattern.compile(
          "(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]([0-9a-f])"
              + "(-.*)?",
          Pattern.DOTALL);

  private static final Pattern CORRELATION = Pattern.compile("[A-Za-z0-9._:-]{1,128}");

  private TraceFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    String field = new String(input, ISO_8859_1);
    Matcher matcher = TRACE.matcher(field);
    boolean valid =
        matcher.matches() && (matcher.group(5) == null || !matcher.group(1).equals("00"));
    Optional<TraceParent> read = TraceParent.parse(field);
    require(read.isPresent() == valid, "read or not read, against the grammar");
    if (valid) {
      TraceParent parent = read.get();
      require(parent.traceId().equals(matcher.group(2)), "another trace");
      require(parent.parentId().equals(matcher.group(3)), "another parent");
      boolean sampled = Integer.parseInt(matcher.group(4), 16) % 2 == 1;
      require(parent.sampled() == sampled, "another decision");
      require(TraceParent.parse(parent.header()).equals(read), "not the same when read again");
    }
    String id = CorrelationIds.givenOrNew(field, new SplittableRandom(1));
    require(CORRELATION.matcher(id).matches(), "an id that cannot be shown");
    require(id.equals(field) == CORRELATION.matcher(field).matches(), "echoed or not");
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }
}
