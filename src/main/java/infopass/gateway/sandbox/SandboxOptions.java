package infopass.gateway.sandbox;

import java.time.Duration;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How the sandbox listens and how it treats every init request. Immutable; the constructor refuses
 * values that make no sense with an {@link IllegalArgumentException} that names the option.
 *
 * @param host address to listen on, default 127.0.0.1
 * @param port port to listen on, 0 (the default) for any free one
 * @param latency time that every answer to an init request waits, default none
 * @param quota most init requests in any window of a length, null (the default) for no quota
 * @param failRate share of init requests that fail with 500, from 0 (the default) to 1
 * @param journalBodies whether the journal keeps request bodies, default false
 * @param expirySeconds life of a link as the answer states it, in seconds, default 600
 * @param journalCapacity most entries that the journal keeps, the oldest dropped first, default 100
 *     000
 * @param instances event loops to serve on, default one for each processor
 */
public record SandboxOptions(
    String host,
    int port,
    Duration latency,
    Quota quota,
    double failRate,
    boolean journalBodies,
    int expirySeconds,
    int journalCapacity,
    int instances) {

  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h)");
  private static final Duration LONGEST_LATENCY = Duration.ofHours(1);

  public SandboxOptions {
    Objects.requireNonNull(host, "host");
    Objects.requireNonNull(latency, "latency");
    require(!host.isBlank(), "host must not be blank");
    require(port >= 0 && port <= 65_535, "port must be 0 to 65535, was " + port);
    require(
        !latency.isNegative() && latency.compareTo(LONGEST_LATENCY) <= 0,
        "latency must be 0 to 1h, was " + latency);
    require(failRate >= 0 && failRate <= 1, "fail-rate must be 0 to 1, was " + failRate);
    require(expirySeconds >= 1, "expiry-seconds must be >= 1, was " + expirySeconds);
    require(journalCapacity >= 1, "journal-capacity must be >= 1, was " + journalCapacity);
    require(instances >= 1, "instances must be >= 1, was " + instances);
  }

  /** The defaults: a quick partner on a free loopback port that refuses nothing. */
  public static SandboxOptions defaults() {
    int processors = Runtime.getRuntime().availableProcessors();
    return new SandboxOptions(
        "127.0.0.1", 0, Duration.ZERO, null, 0, false, 600, 100_000, processors);
  }

  public SandboxOptions withHost(String host) {
    return new SandboxOptions(
        host,
        port,
        latency,
        quota,
        failRate,
        journalBodies,
        expirySeconds,
        journalCapacity,
        instances);
  }

  public SandboxOptions withPort(int port) {
    return new SandboxOptions(
        host,
        port,
        latency,
        quota,
        failRate,
        journalBodies,
        expirySeconds,
        journalCapacity,
        instances);
  }

  public SandboxOptions withLatency(Duration latency) {
    return new SandboxOptions(
        host,
        port,
        latency,
        quota,
        failRate,
        journalBodies,
        expirySeconds,
        journalCapacity,
        instances);
  }

  /** With that quota, or without any for null. */
  public SandboxOptions withQuota(Quota quota) {
    return new SandboxOptions(
        host,
        port,
        latency,
        quota,
        failRate,
        journalBodies,
        expirySeconds,
        journalCapacity,
        instances);
  }

  public SandboxOptions withFailRate(double failRate) {
    return new SandboxOptions(
        host,
        port,
        latency,
        quota,
        failRate,
        journalBodies,
        expirySeconds,
        journalCapacity,
        instances);
  }

  public SandboxOptions withJournalBodies(boolean journalBodies) {
    return new SandboxOptions(
        host,
        port,
        latency,
        quota,
        failRate,
        journalBodies,
        expirySeconds,
        journalCapacity,
        instances);
  }

  public SandboxOptions withExpirySeconds(int expirySeconds) {
    return new SandboxOptions(
        host,
        port,
        latency,
        quota,
        failRate,
        journalBodies,
        expirySeconds,
        journalCapacity,
        instances);
  }

  public SandboxOptions withJournalCapacity(int journalCapacity) {
    return new SandboxOptions(
        host,
        port,
        latency,
        quota,
        failRate,
        journalBodies,
        expirySeconds,
        journalCapacity,
        instances);
  }

  public SandboxOptions withInstances(int instances) {
    return new SandboxOptions(
        host,
        port,
        latency,
        quota,
        failRate,
        journalBodies,
        expirySeconds,
        journalCapacity,
        instances);
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }

  /**
   * Reads a duration such as {@code 20ms}, {@code 60s}, {@code 5m} or {@code 1h}.
   *
   * @throws IllegalArgumentException where it is none
   */
  public static Duration duration(String text) {
    Matcher matcher = DURATION.matcher(text);
    require(matcher.matches(), "a duration must be like 20ms, was \"" + text + "\"");
    long amount = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      default -> Duration.ofHours(amount);
    };
  }

  /**
   * At most so many requests in any window of that length.
   *
   * @param requests 1 to 1 000 000
   * @param per length of the window, 1 ms to 1 day
   */
  public record Quota(int requests, Duration per) {

    private static final Pattern TEXT = Pattern.compile("(\\d{1,9})/(\\d{1,9})(ms|s|m|h)");
    private static final int MOST_REQUESTS = 1_000_000;

    public Quota {
      Objects.requireNonNull(per, "per");
      require(
          requests >= 1 && requests <= MOST_REQUESTS,
          "quota must allow 1 to " + MOST_REQUESTS + " requests, was " + requests);
      require(
          per.compareTo(Duration.ofMillis(1)) >= 0 && per.compareTo(Duration.ofDays(1)) <= 0,
          "quota window must be 1ms to 24h, was " + per);
    }

    /**
     * Reads {@code REQUESTS/WINDOW}, for example {@code 20/60s}, {@code 5/500ms}, {@code 100/1m}.
     *
     * @throws IllegalArgumentException if the text is anything else
     */
    public static Quota parse(String text) {
      Matcher matcher = TEXT.matcher(text);
      require(matcher.matches(), "quota must be like 20/60s, was \"" + text + "\"");
      Duration per = duration(matcher.group(2) + matcher.group(3));
      return new Quota(Integer.parseInt(matcher.group(1)), per);
    }
  }
}
