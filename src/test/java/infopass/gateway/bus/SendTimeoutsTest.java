package infopass.gateway.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SendTimeoutsTest {
  @ParameterizedTest
  @CsvSource({"1, 1", "9, 9", "10, 9", "500, 450", "1000, 900", "1500, 1400", "30000, 29900"})
  void leavesTheAnswerATenthAndNeverMoreThanItNeeds(long sendTimeout, long patience) {
    assertEquals(patience, SendTimeouts.patienceMillis(sendTimeout));
  }
}
