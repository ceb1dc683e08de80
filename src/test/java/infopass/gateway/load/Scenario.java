package infopass.gateway.load;

import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/**
 * One open-loop run, of each subject in turn.
 *
 * @param id its name in {@code load.scenarios}
 * @param title as the report calls it
 * @param partner starts the partner
 * @param yaml what the gateway's {@code infopass} section has besides the address, from a comma on
 * @param compared whether nginx and the bare relay run beside gateway and partner alone
 */
record Scenario(
    String id,
    String title,
    Function<Partners, Partner> partner,
    String yaml,
    boolean compared,
    List<Driver.Step> steps) {

  private static final Duration MINUTE = Duration.ofMinutes(1);

  static List<Scenario> all(Settings settings) {
    return List.of(
        new Scenario(
            "plain",
            "Plain HTTP to the partner, rising rate",
            Partners::sandbox,
            "",
            true,
            List.of(step(500, 10), step(1_000, 10), step(2_000, 20), step(4_000, 10))),
        new Scenario(
            "tls",
            "TLS to the partner, rising rate",
            Partners::secureSandbox,
            "",
            true,
            List.of(step(500, 10), step(1_000, 10), step(2_000, 20))),
        new Scenario(
            "faults",
            "1 % of the partner's answers are 500, and are tried again",
            partners -> partners.sandbox("--latency", "5ms", "--fail-rate", "0.01"),
            "",
            false,
            List.of(step(1_000, 30))),
        new Scenario(
            "quota",
            "1,000 requests a second against a quota of 500 a second",
            partners -> partners.sandbox("--latency", "5ms", "--quota", "500/1s"),
            ", quota: {requests: 500, per: 1s}",
            false,
            List.of(step(1_000, 30))),
        new Scenario(
            "burst",
            "Ten times the rate for two seconds",
            partners -> partners.sandbox("--latency", "20ms"),
            "",
            true,
            List.of(step(250, 10), step(2_500, 2), step(250, 10))),
        new Scenario(
            "soak",
            "Soak",
            partners -> partners.sandbox("--latency", "20ms"),
            "",
            false,
            List.of(new Driver.Step(settings.soakPerSecond(), settings.soak()))));
  }

  /** What is enough of it for the partner alone: a minute of a soak is like the next. */
  Scenario brief() {
    List<Driver.Step> shorter =
        steps.stream()
            .map(step -> step.length().compareTo(MINUTE) > 0 ? step(step.perSecond(), 60) : step)
            .toList();
    return new Scenario(id, title, partner, yaml, compared, shorter);
  }

  private static Driver.Step step(double perSecond, int seconds) {
    return new Driver.Step(perSecond, Duration.ofSeconds(seconds));
  }
}
