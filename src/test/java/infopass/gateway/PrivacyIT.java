package infopass.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.AppenderBase;
import infopass.gateway.bus.Addresses;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/**
 * At the finest level of logging that can be set, of ours and of the libraries: what a request says
 * of a person, its password, the token and the link are in no line, and in no refusal.
 */
class PrivacyIT {
  private static final String NAME = "Zyxname Zyxfamily";
  private static final String EMAIL = "zyxmail@zyxhost.example";
  private static final String MOBILE = "9876012345";
  private static final String STATE = "Zyxstate";
  private static final String SESSION = "zyxsession";
  private static final String PASSWORD = "zyxpassword";
  private static final String AUTHORIZATION = RunningGateway.basic("zyxuser", PASSWORD);

  /** Every line as an operator might see it, with all that hangs on the event. */
  private static final class Lines extends AppenderBase<ILoggingEvent> {
    private final ConcurrentLinkedQueue<String> lines = new ConcurrentLinkedQueue<>();

    @Override
    protected void append(ILoggingEvent event) {
      lines.add(LogWatch.text(event));
    }
  }

  private final Logger root =
      ((LoggerContext) LoggerFactory.getILoggerFactory()).getLogger(Logger.ROOT_LOGGER_NAME);
  private final Lines log = new Lines();
  private final List<String> secrets =
      new ArrayList<>(
          List.of(
              "Zyxname",
              "Zyxfamily",
              "zyxmail",
              "zyxhost",
              MOBILE,
              STATE,
              SESSION,
              PASSWORD,
              AUTHORIZATION.substring(6)));
  private Appender<ILoggingEvent> console;
  private Level before;

  @BeforeEach
  void listen() {
    before = root.getLevel();
    console = root.getAppender("console");
    root.detachAppender(console);
    log.setContext(root.getLoggerContext());
    log.start();
    root.addAppender(log);
    root.setLevel(Level.TRACE);
    Logging.boundLibraries(root.getLoggerContext());
  }

  @AfterEach
  void listenNoMore() {
    root.setLevel(before);
    root.detachAppender(log);
    root.addAppender(console);
  }

  private static String body(String scenario) {
    return new JsonObject()
        .put("name", scenario.isEmpty() ? NAME : scenario + " " + NAME)
        .put("email", EMAIL)
        .put("mobile", MOBILE)
        .put("redirectUrl", "https://infopass.in/back?session=" + SESSION)
        .put("state", STATE)
        .encode();
  }

  private static RawInit init(String scenario) {
    return RawInit.seed().changed("Authorization: " + AUTHORIZATION).body(body(scenario));
  }

  private static RawHttp.Answer send(RunningGateway gateway, RawInit request) {
    try (RawHttp connection = RawHttp.to(gateway.port())) {
      return connection.send(request.bytes()).answer();
    }
  }

  /** What must stay unsaid of an answer that was handed out. */
  private void keepSecret(JsonObject granted) {
    JsonObject data = granted.getJsonObject("data");
    secrets.add(data.getString("token"));
    secrets.add(data.getString("url"));
    String countdown = granted.getJsonObject("countdown").getString("url");
    secrets.add(countdown.substring(countdown.indexOf("&signature=") + 11));
  }

  private void assertUnsaid(String text) {
    for (String secret : secrets) {
      assertFalse(text.contains(secret), () -> secret + " is in: " + text);
    }
    assertFalse(text.contains(".eJ"), () -> "a token is in: " + text);
    assertFalse(text.contains("token=."), () -> "a link is in: " + text);
  }

  private void assertNothingWasLogged() {
    assertTrue(!log.lines.isEmpty(), "the log was listened to");
    for (String logger : List.of("infopass.gateway")) {
      assertTrue(log.lines.stream().anyMatch(line -> line.startsWith(logger)), logger);
    }
    log.lines.forEach(this::assertUnsaid);
  }

  @Test
  void noLogLineAndNoRefusalSaysAnythingOfAPerson() throws Exception {
    try (RunningGateway gateway =
        RunningGateway.start(
            "infopass: {retry: {maxAttempts: 2}, circuitBreaker: {minimumCalls: 1000}}\n"
                + "logging: {accessLog: sampled}\n"
                + "token: {enforce: [crossed, sandbox, stale, link-host]}\n"
                + "init: {redirectHosts: [infopass.in]}")) {
      // When: it goes well, on both doors
      for (String scenario : List.of("", "Slow 20", "Flaky 1 503", "Expiry 5", "Drip 1")) {
        RawHttp.Answer answer = send(gateway, init(scenario));
        assertEquals(200, answer.status(), scenario);
        JsonObject granted = new JsonObject(answer.body());
        keepSecret(granted);
        gateway.get(granted.getJsonObject("countdown").getString("url"));
        gateway.get(granted.getJsonObject("countdown").getString("url") + "x");
      }
      keepSecret((JsonObject) ask(gateway, new JsonObject(body("")), "bus-1").get());

      // When: the partner fails in each way it can
      for (String scenario :
          List.of(
              "Status 500",
              "Status 503",
              "Status 429 1",
              "Status 401",
              "Status 404",
              "Redirect",
              "Reject 0x0422",
              "Malformed",
              "Truncated",
              "Empty",
              "Html",
              "Huge",
              "Trailing",
              "Reset",
              "ResetAfter",
              "Crossed",
              "SandboxToken",
              "Stale 900",
              "Expiry 0",
              "NoLink",
              "WrongHost")) {
        RawHttp.Answer answer = send(gateway, init(scenario));
        assertTrue(answer.status() >= 400, scenario + " " + answer.body());
        assertUnsaid(answer.headers() + answer.body());
      }
      for (String scenario : List.of("Hang", "Slow 5000")) {
        RawHttp.Answer answer = send(gateway, init(scenario).with("Prefer: wait=1"));
        Problems.check(answer, 504, "deadline-exceeded");
        assertUnsaid(answer.body());
      }
      assertUnsaid(String.valueOf(ask(gateway, new JsonObject(body("Status 500")), "bus-2").get()));
      assertUnsaid(
          String.valueOf(ask(gateway, new JsonObject(body("")).put("mobile", 1), "bus-3").get()));

      // When: the request is refused in each way it can be
      RawInit good = init("");
      RawInit stranger = good.changed("Authorization: Bearer x");
      String text = body("");
      for (RawInit refused :
          List.of(
              good.body(text.replace("}", "")),
              good.body(text + "x"),
              good.body(text.replace("{", "{\"name\":\"" + NAME + "\",")),
              good.body(text.replace(NAME, NAME + "\\u0007")),
              good.body(text.replace(NAME, NAME + "\\ud83d")),
              good.body(text.replace(EMAIL, "zyxmail")),
              good.body(text.replace(MOBILE, MOBILE + "x")),
              good.body(text.replace("https://infopass.in", "https://" + PASSWORD + "@a.in")),
              good.body(text.replace("https://infopass.in", "https://zyxhost.in")),
              good.body(text.replace("https://infopass.in", "ftp://zyxhost.in")),
              good.body(text.replace("\"" + MOBILE + "\"", MOBILE)),
              good.body(text.replace("Zyx", "zyx\u00ff").getBytes()),
              good.body(text.replace(NAME, NAME.repeat(2_000))),
              good.changed("Content-Type: text/" + SESSION),
              good.changed("Authorization: Bearer " + PASSWORD),
              good.changed("Authorization: Basic " + PASSWORD),
              stranger.with("X-Correlation-Id: " + SESSION + " " + SESSION),
              stranger.with("traceparent: " + SESSION),
              good.with("Expect: " + SESSION),
              good.with("Host: " + SESSION),
              good.changed("Host: " + SESSION + "%00"),
              good.with("X-" + SESSION + " : " + PASSWORD),
              good.with("X-A: " + PASSWORD + "\0"),
              good.with("Content-Length: " + SESSION),
              good.unannounced().with("Content-Length: " + SESSION),
              good.with("Transfer-Encoding: " + SESSION),
              good.unannounced().with("Transfer-Encoding: chunked").body(SESSION + "\r\n"),
              good.unannounced().with("Transfer-Encoding: chunked").body("5;" + SESSION + "\r\n!"),
              good.with("X-A: " + PASSWORD.repeat(1_000)),
              good.target("/nowhere/" + SESSION + "?name=" + SESSION),
              good.target("/problems/" + SESSION),
              good.target("/problems/%zz" + SESSION + "?" + SESSION + "=%zz"),
              good.target(SESSION),
              good.requestLine(SESSION),
              good.requestLine("POST / " + SESSION + "/1.1"),
              good.method("ZYX"),
              good.target("/" + SESSION.repeat(1_000)))) {
        try (RawHttp connection = RawHttp.to(gateway.port())) {
          connection.send(refused.bytes()).endOutput();
          String answer = connection.untilClosed();
          if (!answer.startsWith("HTTP/1.1 200 ")) {
            // Odd ids are replaced and no fault: such a one may get its link before it has left.
            assertUnsaid(answer);
          }
        }
      }

      // When: the caller leaves, before and while the partner is asked
      for (byte[] left : List.of(good.head(), init("Slow 300").bytes())) {
        try (RawHttp connection = RawHttp.to(gateway.port())) {
          connection.send(left);
        }
      }
    }

    // Then: stopped by now, so that all has been said
    assertNothingWasLogged();
  }

  @Test
  void whatAPartnerRepeatsOfTheRequestIsHidden() {
    String said =
        "Name "
            + NAME
            + " ("
            + NAME.toUpperCase(java.util.Locale.ROOT)
            + "), mobile +91 98760 12345, email "
            + EMAIL
            + ", other.person@else.example, state "
            + STATE
            + ", see https://infopass.in/back?session="
            + SESSION
            + " .eJyrVkrOyUzNK4nPTFGyUkrJTM_MyU_OTi2K90kOy87LyfCpSvPPdU7N8QwrrSpR0lFK";
    JsonObject envelope =
        new JsonObject().put("status", "FAILURE").put("code", "0x0422").put("message", said);
    try (BarePartner partner =
            BarePartner.saying(received -> new BarePartner.Says(422, envelope.encode()));
        RunningGateway gateway = RunningGateway.startAgainst(partner.uri(), "")) {
      // When
      RawHttp.Answer answer = send(gateway, init(""));

      // Then
      JsonObject problem = Problems.check(answer, 422, "upstream-rejected");
      assertEquals("0x0422", problem.getJsonObject("upstream").getString("code"));
      assertUnsaid(answer.body());
      for (String hidden : List.of("ZYXNAME", "98760 12345", "other.person", "else.example")) {
        assertFalse(answer.body().contains(hidden), answer.body());
      }
    }
    assertNothingWasLogged();
  }

  /** The reply, or the failure's text. */
  private static CompletableFuture<Object> ask(RunningGateway gateway, JsonObject body, String id) {
    return gateway
        .vertx()
        .eventBus()
        .<Object>request(
            Addresses.INIT,
            body,
            new DeliveryOptions()
                .addHeader("correlationId", id)
                .addHeader("authorization", AUTHORIZATION)
                .setSendTimeout(10_000))
        .map(message -> message.body())
        .otherwise(Throwable::toString)
        .toCompletionStage()
        .toCompletableFuture()
        .orTimeout(15, TimeUnit.SECONDS);
  }
}
