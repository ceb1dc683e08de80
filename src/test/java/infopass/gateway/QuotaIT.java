package infopass.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import infopass.gateway.sandbox.SandboxOptions;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * The partner's quota, on real sockets; its rules over time are tested with a clock of their own.
 */
class QuotaIT {
  private static final SandboxOptions TEN_IN_TWO_SECONDS =
      SandboxOptions.defaults().withQuota(new SandboxOptions.Quota(10, Duration.ofSeconds(2)));

  @Test
  void aKnownQuotaIsNeverExceededAndTheRestIsRefusedAtOnce() throws Exception {
    try (RunningGateway gateway =
        RunningGateway.start(
            "infopass: {quota: {requests: 10, per: 4s}, timeouts: {overall: 7s}}",
            TEN_IN_TWO_SECONDS)) {
      // When
      List<CompletableFuture<HttpResponse<String>>> sent = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        sent.add(gateway.sendAsync(gateway.init(RunningGateway.SEED)));
      }

      // Then
      int granted = 0;
      int waitedInVain = 0;
      for (CompletableFuture<HttpResponse<String>> each : sent) {
        HttpResponse<String> answer = each.get(20, TimeUnit.SECONDS);
        if (answer.statusCode() == 200) {
          granted++;
        } else if (answer.statusCode() == 504) {
          // It waited, and the machine stood still when its turn could come no more.
          JsonObject problem = Problems.check(answer, 504, "deadline-exceeded");
          assertEquals("not-sent", problem.getString("outcome"));
          waitedInVain++;
        } else {
          JsonObject problem = Problems.check(answer, 503, "upstream-busy");
          assertEquals("not-sent", problem.getString("outcome"));
          assertEquals(
              problem.getInteger("retryAfterSeconds").toString(),
              answer.headers().firstValue("Retry-After").orElse(""));
        }
      }
      assertTrue(granted >= 10 && granted <= 25, granted + " granted");
      assertTrue(waitedInVain <= 10, waitedInVain + " waited in vain");
      assertEquals(granted, gateway.journal().total());
      assertEquals(0, refusedByPartner(gateway));
    }
  }

  @Test
  void anUnknownQuotaIsLearnt() throws Exception {
    try (RunningGateway gateway =
        RunningGateway.start("infopass: {timeouts: {overall: 1s}}", TEN_IN_TWO_SECONDS)) {
      // Given
      for (int i = 0; i < 20; i++) {
        gateway.initFor("Test Kumar");
      }
      long learning = refusedByPartner(gateway);

      // When
      HttpResponse<String> next = gateway.initFor("Test Kumar");

      // Then
      assertTrue(learning >= 3 && learning < 12, learning + " refused while learning");
      Problems.check(next, 503, "upstream-busy");
      assertEquals(learning, refusedByPartner(gateway), "asked again while held");
    }
  }

  @Test
  void oneRefusalAloneHoldsNobodyBack() {
    try (RunningGateway gateway = RunningGateway.start("infopass: {retry: {maxAttempts: 1}}")) {
      Problems.check(gateway.initFor("Status 429 30"), 503, "upstream-busy");
      assertEquals(200, gateway.initFor("Test Kumar").statusCode());
    }
  }

  private static long refusedByPartner(RunningGateway gateway) {
    return gateway.journal().entries().stream()
        .filter(entry -> entry.answer().equals("429"))
        .count();
  }
}
