package infopass.gateway.intake;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PreferTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "wait=5 | 5",
        "WAIT=5 | 5",
        " wait = 5 | 5",
        "wait=\"5\" | 5",
        "wait=5;foo=bar | 5",
        "respond-async, wait=10 | 10",
        "wait=1, wait=9 | 1",
        "wait=0 | 0",
        "wait=007 | 7",
        "wait=999999999 | 999999999"
      })
  void readsTheFirstWait(String field, long seconds) {
    assertEquals(Optional.of(Duration.ofSeconds(seconds)), Prefer.wait(List.of(field)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ",",
        ";",
        "=",
        "wait",
        "wait=",
        "wait=-1",
        "wait=+1",
        "wait=1.5",
        "wait=x",
        "wait=\"\"",
        "wait=1000000000",
        "wait=\u0661",
        "waits=5",
        "await=5",
        "respond-async",
        "return=minimal"
      })
  void ignoresWhatIsNoNumberOfSeconds(String field) {
    assertEquals(Optional.empty(), Prefer.wait(List.of(field)));
  }

  @Test
  void doesNotTakeQuotedTextForAPreference() {
    assertEquals(
        Optional.of(Duration.ofSeconds(9)), Prefer.wait(List.of("x=\"a, wait=1\", wait=9")));
    assertEquals(Optional.empty(), Prefer.wait(List.of("x=\"a\\\", wait=1\"")));
  }

  @Test
  void aFirstWaitWithoutANumberIsTheOneThatCounts() {
    assertEquals(Optional.empty(), Prefer.wait(List.of("wait, wait=9")));
    assertEquals(Optional.empty(), Prefer.wait(List.of("wait=x, wait=9")));
  }

  @Test
  void looksThroughAllFields() {
    assertEquals(
        Optional.of(Duration.ofSeconds(3)), Prefer.wait(List.of("respond-async", "x=y, wait=3")));
    assertEquals(Optional.empty(), Prefer.wait(List.of()));
  }
}
