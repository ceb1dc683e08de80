package infopass.gateway.logging;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

class LogLimitTest {
  private final Logger log = (Logger) LoggerFactory.getLogger("infopass.gateway.limit-test");
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
  private final LogLimit limit = new LogLimit(nanos::get);

  @BeforeEach
  void watch() {
    lines.start();
    log.addAppender(lines);
    log.setAdditive(false);
    log.setLevel(ch.qos.logback.classic.Level.INFO);
  }

  @AfterEach
  void leave() {
    log.detachAppender(lines);
  }

  private void log(Object kind) {
    limit.line(log, Level.WARN, kind).log("line");
  }

  private List<String> seen() {
    return lines.list.stream().map(line -> String.valueOf(line.getKeyValuePairs())).toList();
  }

  @Test
  void logsOneLineAMinuteOfEachKindAndSaysHowManyWereLeftOut() {
    // When
    for (int i = 0; i < 1000; i++) {
      log("a");
    }
    log("b");
    nanos.addAndGet(Duration.ofMinutes(1).toNanos() - 1);
    log("a");
    nanos.addAndGet(1);
    log("a");
    nanos.addAndGet(Duration.ofMinutes(2).toNanos());
    log("a");

    // Then
    assertEquals(List.of("null", "null", "[leftOut=\"1000\"]", "null"), seen());
  }

  @Test
  void isBoundedInTheNumberOfKinds() {
    for (int i = 0; i < 3 * LogLimit.MOST_KINDS; i++) {
      log(i);
    }
    assertEquals(LogLimit.MOST_KINDS + 1, lines.list.size());
  }

  @Test
  void leavesOutNothingThatIsNotLoggedAnyway() {
    // When
    limit.line(log, Level.DEBUG, "a").log("line");
    log("a");

    // Then
    assertEquals(List.of("null"), seen());
  }
}
