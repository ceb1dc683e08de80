package infopass.gateway;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.AppenderBase;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import org.slf4j.LoggerFactory;

/**
 * Looks at every log line there is, at the finest level that can be set, in place of the console;
 * keeps those that are wanted, so that it can look at millions. Until it is closed.
 */
final class LogWatch extends AppenderBase<ILoggingEvent> implements AutoCloseable {
  private static final int MOST_KEPT = 20;

  private final Logger root =
      ((LoggerContext) LoggerFactory.getILoggerFactory()).getLogger(Logger.ROOT_LOGGER_NAME);
  private final Level before = root.getLevel();
  private final Map<String, Appender<ILoggingEvent>> others = new LinkedHashMap<>();
  private final Predicate<String> wanted;
  private final Queue<String> kept = new ConcurrentLinkedQueue<>();
  private final LongAdder seen = new LongAdder();

  LogWatch(Predicate<String> wanted) {
    this.wanted = wanted;
    root.iteratorForAppenders().forEachRemaining(other -> others.put(other.getName(), other));
    others.values().forEach(root::detachAppender);
    setContext(root.getLoggerContext());
    start();
    root.addAppender(this);
    root.setLevel(Level.TRACE);
    Logging.boundLibraries(root.getLoggerContext());
  }

  /** The line as an operator might see it, with all that hangs on the event. */
  static String text(ILoggingEvent event) {
    StringBuilder line =
        new StringBuilder()
            .append(event.getLoggerName())
            .append(' ')
            .append(event.getFormattedMessage())
            .append(' ')
            .append(event.getMDCPropertyMap())
            .append(' ')
            .append(event.getKeyValuePairs())
            .append(' ')
            .append(event.getMarkerList());
    if (event.getArgumentArray() != null) {
      line.append(' ').append(Arrays.deepToString(event.getArgumentArray()));
    }
    if (event.getThrowableProxy() != null) {
      line.append('\n').append(ThrowableProxyUtil.asString(event.getThrowableProxy()));
    }
    return line.toString();
  }

  @Override
  protected void append(ILoggingEvent event) {
    seen.increment();
    String line = text(event);
    if (wanted.test(line) && kept.size() < MOST_KEPT) {
      kept.add(line);
    }
  }

  /** The first of the lines that were wanted. */
  Queue<String> kept() {
    return kept;
  }

  /** How many lines there were. */
  long seen() {
    return seen.sum();
  }

  @Override
  public void close() {
    root.setLevel(before);
    root.detachAppender(this);
    others.values().forEach(root::addAppender);
  }
}
