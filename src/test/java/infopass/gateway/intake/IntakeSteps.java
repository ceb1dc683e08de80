package infopass.gateway.intake;

import infopass.gateway.callers.RedirectHosts;
import infopass.gateway.countdown.SignedLinks;
import infopass.gateway.digilocker.FieldFault;
import infopass.gateway.digilocker.InitFailure;
import infopass.gateway.digilocker.InitSession;
import infopass.gateway.digilocker.Payload;
import infopass.gateway.digilocker.Problem;
import infopass.gateway.digilocker.ProblemJson;
import infopass.gateway.digilocker.TokenExpiry;
import infopass.gateway.sandbox.MintedAnswers;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What the door does with one init: reads and checks it, writes its answer. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 3, time = 2)
public class IntakeSteps {
  private static final String ID = "c3cae6680ebc6e82da17afd12dc65a33";

  private final byte[] body =
      ("{\"name\":\"Test Kumar\",\"email\":\"test.kumar@example.in\",\"mobile\":\"9650000986\","
              + "\"redirectUrl\":\"https://infopass.in\",\"state\":\"Uttar Pradesh\"}")
          .getBytes(StandardCharsets.US_ASCII);
  private final InitConfig rules =
      new InitConfig(InitConfig.ALL_FIELDS, false, List.of(), List.of("https", "http"));
  private final RequestCheck check = new RequestCheck(() -> rules);
  private final RedirectHosts hosts = new RedirectHosts(List.of());
  private final SignedLinks links = new SignedLinks("", List.of(new byte[32]));
  private final InitAnswer answer = new InitAnswer(links, Clock.systemUTC());
  private final InitSession session = session();
  private final InitFailure failure =
      InitFailure.notSent(Problem.INVALID_REQUEST, "The body has one fault.")
          .withErrors(List.of(new FieldFault("#/email", "must hold exactly one @")));

  private static InitSession session() {
    byte[] document = MintedAnswers.bodyOf(new MintedAnswers().next());
    Instant issued = Instant.parse("2026-01-01T00:00:00Z");
    return new InitSession(
        "digilocker_GfKQNguLpzFCwZauJWNL",
        Payload.owning(document),
        document.length - 1,
        TokenExpiry.from(issued, Duration.ofSeconds(600)),
        Duration.ofMillis(20));
  }

  @Benchmark
  public Object parseAndValidate() {
    return check.check(body, hosts);
  }

  @Benchmark
  public Buffer answerWithCountdown() {
    return answer.write(session, ID);
  }

  @Benchmark
  public String linkSigning() {
    return links.linkTo(session.clientId(), session.expiry().expiresAt());
  }

  @Benchmark
  public Buffer problemRendering() {
    return Buffer.buffer(ProblemJson.of(failure, ID));
  }
}
