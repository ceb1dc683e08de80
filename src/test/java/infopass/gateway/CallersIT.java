package infopass.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Callers with keys of their own. */
class CallersIT {

  @Test
  void theirKeysStayHereAndTheGatewaysAccountStaysThere() throws Exception {
    try (FakePartner partner = new FakePartner();
        RunningGateway gateway =
            RunningGateway.startAgainst(
                partner.uri(), "infopass: {username: own, password: account}\n" + callers(""))) {
      // When
      CompletableFuture<HttpResponse<String>> asked =
          gateway.sendAsync(
              gateway
                  .init(RunningGateway.SEED)
                  .header("X-Correlation-Id", "theirs")
                  .setHeader("Authorization", RunningGateway.basic("app", "new")));
      FakePartner.Held held = RunningGateway.await(partner.arrival("theirs"));
      held.grant();
      HttpResponse<String> answer = asked.get(10, TimeUnit.SECONDS);

      // Then
      assertEquals(200, answer.statusCode(), answer.body());
      assertEquals(
          RunningGateway.basic("own", "account"), held.request().getHeader("Authorization"));
      assertFalse(answer.headers().map().toString().contains("account"));
    }
  }

  @Test
  void wrongKeysAreRefusedHere() throws Exception {
    try (RunningGateway gateway = RunningGateway.start(callers(""))) {
      for (String[] pair : new String[][] {{"app", "wrong"}, {"nobody", "new"}, {"app", "web"}}) {
        HttpResponse<String> answer = init(gateway, pair[0], pair[1]);
        Problems.check(answer, 401, "unauthenticated");
        assertTrue(
            answer.headers().firstValue("WWW-Authenticate").orElse("").startsWith("Basic realm="));
      }
      assertEquals(200, init(gateway, "app", "old").statusCode());
      assertEquals(200, init(gateway, "app", "new").statusCode());
      assertEquals(200, init(gateway, "web", "web").statusCode());
      assertEquals(3, gateway.journal().total());
    }
  }

  @Test
  void aCallersQuotaIsItsOwn() throws Exception {
    try (RunningGateway gateway =
        RunningGateway.start(callers(", quota: {requests: 2, per: 60s}"))) {
      // When
      HttpResponse<String> first = init(gateway, "app", "new");
      HttpResponse<String> second = init(gateway, "app", "old");
      HttpResponse<String> third = init(gateway, "app", "new");

      // Then
      assertEquals("\"caller\";q=2;w=60", header(first, "RateLimit-Policy"));
      assertTrue(header(first, "RateLimit").matches("\"caller\";r=1;t=6[01]"));
      assertTrue(header(second, "RateLimit").startsWith("\"caller\";r=0;t="));
      Problems.check(third, 429, "quota-exceeded");
      long reset = Long.parseLong(header(third, "RateLimit").replaceAll(".*t=", ""));
      assertTrue(Long.parseLong(header(third, "Retry-After")) >= reset);
      assertEquals("\"caller\";q=2;w=60", header(third, "RateLimit-Policy"));
      HttpResponse<String> other = init(gateway, "web", "web");
      assertEquals(200, other.statusCode());
      assertEquals("", header(other, "RateLimit"));
      assertEquals(3, gateway.journal().total());
    }
  }

  @Test
  void repetitionsCostNoQuota() throws Exception {
    try (RunningGateway gateway =
        RunningGateway.start(callers(", quota: {requests: 1, per: 60s}"))) {
      for (int i = 0; i < 3; i++) {
        HttpResponse<String> answer =
            gateway.send(
                gateway
                    .init(RunningGateway.SEED)
                    .setHeader("Authorization", RunningGateway.basic("app", "new"))
                    .header("Idempotency-Key", "same"));
        assertEquals(200, answer.statusCode(), answer.body());
      }
    }
  }

  @Test
  void aCallerSendsPeopleToItsOwnHosts() throws Exception {
    try (RunningGateway gateway =
        RunningGateway.start(
            callers(", redirectHosts: ['*.infopass.in']") + "init: {redirectHosts: [web.in]}\n")) {
      Problems.check(init(gateway, "app", "new"), 403, "redirect-not-allowed");
      Problems.check(init(gateway, "web", "web"), 403, "redirect-not-allowed");
      HttpResponse<String> own =
          gateway.send(
              gateway
                  .init(RunningGateway.SEED.replace("//infopass.in", "//a.infopass.in"))
                  .setHeader("Authorization", RunningGateway.basic("app", "new")));
      assertEquals(200, own.statusCode(), own.body());
    }
  }

  @Test
  void aRefusedAccountIsNotHammered() throws Exception {
    try (RunningGateway gateway =
        RunningGateway.start("infopass: {username: denied, password: x}\n" + callers(""))) {
      // Given
      for (String caller : List.of("app", "web", "app")) {
        HttpResponse<String> refused = init(gateway, caller, caller.equals("app") ? "new" : "web");
        assertEquals(
            "rejected", Problems.check(refused, 502, "upstream-credentials").getString("outcome"));
      }

      // When
      HttpResponse<String> held = init(gateway, "web", "web");

      // Then
      assertEquals(
          "not-sent", Problems.check(held, 502, "upstream-credentials").getString("outcome"));
      assertTrue(Long.parseLong(header(held, "Retry-After")) >= 1);
      assertEquals(3, gateway.journal().total());
    }
  }

  @Test
  void anExhaustedBalanceHoldsCallsToo() throws Exception {
    try (RunningGateway gateway = RunningGateway.start(callers(""))) {
      for (String name : List.of("Status 402", "Reject 0x0402", "Status 402")) {
        Problems.check(initAs(gateway, name), 422, "upstream-rejected");
      }
      Problems.check(init(gateway, "app", "new"), 502, "upstream-credentials");
      assertEquals(3, gateway.journal().total());
    }
  }

  @Test
  void refusalsOfOneCallersRequestsDoNotStopTheOthers() throws Exception {
    try (RunningGateway gateway = RunningGateway.start(callers(""))) {
      for (String name : List.of("Status 401", "Status 403")) {
        assertEquals(
            "rejected",
            Problems.check(initAs(gateway, name), 502, "upstream-credentials")
                .getString("outcome"));
      }
      Problems.check(initAs(gateway, "Status 404"), 422, "upstream-rejected");
      for (String name : List.of("Status 402", "Reject 0x0402")) {
        Problems.check(initAs(gateway, name), 422, "upstream-rejected");
      }
      assertEquals(200, init(gateway, "web", "web").statusCode());
    }
  }

  private static HttpResponse<String> initAs(RunningGateway gateway, String name) {
    return gateway.send(
        gateway
            .init(RunningGateway.body(name))
            .setHeader("Authorization", RunningGateway.basic("app", "new")));
  }

  private static HttpResponse<String> init(RunningGateway gateway, String id, String password) {
    return gateway.send(
        gateway
            .init(RunningGateway.SEED)
            .setHeader("Authorization", RunningGateway.basic(id, password)));
  }

  private static String header(HttpResponse<String> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }

  /** Two callers; the first has two secrets, and what is given besides. */
  private static String callers(String ofTheFirst) throws Exception {
    return "auth: {mode: callers, callers: [{id: app, secretSha256: ["
        + sha256("old")
        + ", "
        + sha256("new")
        + "]"
        + ofTheFirst
        + "}, {id: web, secretSha256: "
        + sha256("web")
        + "}]}\n";
  }

  static String sha256(String secret) throws Exception {
    return HexFormat.of()
        .formatHex(
            MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8)));
  }
}
