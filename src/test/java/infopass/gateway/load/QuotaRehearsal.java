package infopass.gateway.load;

import infopass.gateway.RunningGateway;
import infopass.gateway.sandbox.Journal;
import infopass.gateway.sandbox.SandboxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Far more is asked for than the partner's quota allows, by two callers, one of which asks ten
 * times as often: what the partner refuses, what callers get, and when. Then a burst. Run on
 * demand, see the performance document.
 */
public final class QuotaRehearsal {
  private static final int MINUTES = Integer.getInteger("minutes", 5);
  private static final int PER_SECOND = Integer.getInteger("perSecond", 100);
  private static final int BIG_OF = 11;
  private static final String KNOWN = System.getProperty("known", "");

  private QuotaRehearsal() {}

  public static void main(String[] args) {
    Score.quietLogs();
    steady("quota learnt from 429", "");
    steady("quota known", "infopass: {quota: {requests: 20, per: 60s}}\n");
    burst();
  }

  private static void steady(String title, String yaml) {
    if (!KNOWN.isEmpty() && KNOWN.equals("no") != yaml.isEmpty()) {
      return;
    }
    SandboxOptions options =
        SandboxOptions.defaults()
            .withLatency(Duration.ofMillis(20))
            .withQuota(new SandboxOptions.Quota(20, Duration.ofSeconds(60)));
    try (RunningGateway gateway = RunningGateway.start(yaml, options);
        OpenLoop driver = new OpenLoop("127.0.0.1", gateway.port(), 4_096)) {
      Instant begun = Instant.now();
      Score big = new Score();
      Score small = new Score();
      driver.run(
          PER_SECOND,
          Duration.ofMinutes(MINUTES),
          Duration.ofSeconds(30),
          shot -> shot(shot % BIG_OF == 0 ? "small" : "big"),
          both(small, big));
      System.out.printf(
          Locale.ROOT,
          "%n%s: 20/60s at the partner, %s requests/s offered for %s min, 10 of 11 by one caller%n",
          title,
          PER_SECOND,
          MINUTES);
      System.out.print("  caller that asks ten times as often\n" + big.table());
      System.out.print("  the other\n" + small.table());
      System.out.println("  at the partner, minute by minute: granted, refused with 429");
      for (int minute = 0; minute <= MINUTES; minute++) {
        Instant from = begun.plusSeconds(60L * minute);
        List<Journal.Entry> seen =
            gateway.journal().entries().stream()
                .filter(e -> !e.at().isBefore(from) && e.at().isBefore(from.plusSeconds(60)))
                .toList();
        System.out.printf("    %s  %s%n", answers(seen, "200"), answers(seen, "429"));
      }
    }
  }

  private static void burst() {
    SandboxOptions options =
        SandboxOptions.defaults()
            .withLatency(Duration.ofMillis(20))
            .withQuota(new SandboxOptions.Quota(100, Duration.ofSeconds(10)));
    try (RunningGateway gateway =
            RunningGateway.start("infopass: {quota: {requests: 100, per: 10s}}\n", options);
        OpenLoop driver = new OpenLoop("127.0.0.1", gateway.port(), 4_096)) {
      Score score = new Score();
      driver.run(
          2_000, Duration.ofSeconds(1), Duration.ofSeconds(30), shot -> shot("burst"), score);
      System.out.printf(
          "%n2,000 in one second against 100/10s: %s answers, %s refused with 429 by the partner%n%s",
          score.total(), answers(gateway.journal().entries(), "429"), score.table());
    }
  }

  private static long answers(List<Journal.Entry> seen, String answer) {
    return seen.stream().filter(entry -> entry.answer().equals(answer)).count();
  }

  static OpenLoop.Shot shot(String user) {
    return new OpenLoop.Shot(
        RunningGateway.INIT,
        Map.of(
            "Authorization",
            RunningGateway.basic(user, "pass"),
            "Content-Type",
            "application/json"),
        Buffer.buffer(RunningGateway.SEED));
  }

  private static OpenLoop.Scorer both(Score small, Score big) {
    return new OpenLoop.Scorer() {
      @Override
      public void answered(long shot, HttpClientResponse response, Buffer body, long tookNanos) {
        (shot % BIG_OF == 0 ? small : big).answered(shot, response, body, tookNanos);
      }

      @Override
      public void failed(long shot, Throwable cause) {
        (shot % BIG_OF == 0 ? small : big).failed(shot, cause);
      }
    };
  }
}
