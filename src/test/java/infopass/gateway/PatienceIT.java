package infopass.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How long a caller is kept waiting, and what it is told then. */
class PatienceIT {

  @ParameterizedTest
  @CsvSource({"Hang,1", "Slow 5000,1", "Drip 400,1"})
  void aSilentPartnerIsADeadlineNotALostConnection(String scenario, int wait) {
    try (RunningGateway gateway = RunningGateway.start();
        RawHttp connection = RawHttp.to(gateway.port())) {
      // When
      long begun = System.nanoTime();
      RawHttp.Answer answer =
          connection
              .send(
                  RawInit.seed()
                      .with("Prefer: wait=" + wait)
                      .body(RunningGateway.body(scenario))
                      .bytes())
              .answer();

      // Then
      long elapsedMillis = (System.nanoTime() - begun) / 1_000_000;
      assertEquals(
          "unknown", Problems.check(answer, 504, "deadline-exceeded").getString("outcome"));
      assertTrue(elapsedMillis < wait * 1_000L + 4_000, elapsedMillis + " ms");
      assertEquals(1, gateway.journal().total(), "it is not sent again");
    }
  }

  @Test
  void anAttemptThatTakesTooLongIsADeadlineToo() {
    try (RunningGateway gateway =
        RunningGateway.start("infopass: {timeouts: {attempt: 300ms}, retry: {maxAttempts: 1}}")) {
      try (RawHttp connection = RawHttp.to(gateway.port())) {
        RawHttp.Answer answer =
            connection.send(RawInit.seed().body(RunningGateway.body("Hang")).bytes()).answer();
        assertEquals(
            "unknown", Problems.check(answer, 504, "deadline-exceeded").getString("outcome"));
      }
    }
  }

  @Test
  void aCallerWithoutPatienceCausesNoCall() {
    try (RunningGateway gateway = RunningGateway.start();
        RawHttp connection = RawHttp.to(gateway.port())) {
      // When
      RawHttp.Answer answer =
          connection.send(RawInit.seed().with("Prefer: wait=0").bytes()).answer();

      // Then
      assertEquals(
          "not-sent", Problems.check(answer, 504, "deadline-exceeded").getString("outcome"));
      assertEquals(0, gateway.journal().total());
    }
  }

  @Test
  void patienceNeverRaisesTheDeadline() {
    try (RunningGateway gateway =
            RunningGateway.start("infopass: {timeouts: {attempt: 300ms, overall: 300ms}}");
        RawHttp connection = RawHttp.to(gateway.port())) {
      RawInit slow = RawInit.seed().body(RunningGateway.body("Slow 4000"));
      Problems.check(
          connection.send(slow.with("Prefer: wait=60").bytes()).answer(), 504, "deadline-exceeded");
    }
  }
}
