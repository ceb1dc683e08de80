package infopass.gateway;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import infopass.gateway.logging.OutOfMemoryExit;
import org.slf4j.LoggerFactory;

/**
 * Sets logging up: lines on standard error, written by a thread of their own from a bounded queue.
 * Where the queue is full lines are lost, never time of an event loop.
 */
final class Logging {
  private static final int QUEUE_SIZE = 8_192;
  private static final int FLUSH_MILLIS = 2_000;
  private static final String TEXT = "%d{HH:mm:ss.SSS} %-5level %logger{0} - %msg %kvp{NONE}%n%ex";

  private Logging() {}

  static void configure(GatewayConfig.Logs config) {
    LoggerContext context = context();
    context.reset();
    ConsoleAppender<ILoggingEvent> console = console(context, encoder(context, config.format()));
    AsyncAppender queue = new AsyncAppender();
    queue.setContext(context);
    queue.setName("queue");
    queue.setQueueSize(QUEUE_SIZE);
    queue.setNeverBlock(true);
    queue.setMaxFlushTime(FLUSH_MILLIS);
    queue.addFilter(outOfMemory());
    queue.addAppender(console);
    queue.start();
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.toLevel(config.level().name()));
    root.addAppender(queue);
    boundLibraries(context);
  }

  private static OutOfMemoryExit outOfMemory() {
    OutOfMemoryExit exit = new OutOfMemoryExit();
    exit.start();
    return exit;
  }

  /** Without a queue, for the time before there is a configuration. */
  static void early(LoggerContext context) {
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.WARN);
    root.addAppender(console(context, text(context)));
  }

  private static ConsoleAppender<ILoggingEvent> console(
      LoggerContext context, Encoder<ILoggingEvent> encoder) {
    ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
    console.setContext(context);
    console.setName("console");
    console.setTarget("System.err");
    console.setEncoder(encoder);
    console.start();
    return console;
  }

  /** Changes the least important line that is written. */
  static void level(GatewayConfig.LogLevel level) {
    LoggerContext context = context();
    context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).setLevel(Level.toLevel(level.name()));
    boundLibraries(context);
  }

  /**
   * At their finest level the libraries quote what they were sent: whole targets, of which a
   * countdown's is its authorisation, and fields that could not be read. Those of the cluster tell
   * of each step of each cache, which only helps who looks for a fault there.
   */
  static void boundLibraries(LoggerContext context) {
    for (String library : new String[] {"io.vertx", "io.netty"}) {
      Logger logger = context.getLogger(library);
      if (!logger.getEffectiveLevel().isGreaterOrEqual(Level.DEBUG)) {
        logger.setLevel(Level.DEBUG);
      }
    }
    boolean fine =
        !context
            .getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)
            .getEffectiveLevel()
            .isGreaterOrEqual(Level.INFO);
    for (String library : new String[] {"org.infinispan", "org.jgroups", "org.jboss"}) {
      context.getLogger(library).setLevel(fine ? Level.INFO : Level.WARN);
    }
    // It warns that it keeps nothing on disk, which is how it is meant to be.
    context.getLogger("org.infinispan.CONFIG").setLevel(fine ? Level.INFO : Level.ERROR);
  }

  /** Writes out what is queued; nothing can be logged afterwards. */
  static void flush() {
    context().stop();
  }

  private static Encoder<ILoggingEvent> encoder(
      LoggerContext context, GatewayConfig.LogFormat format) {
    if (format == GatewayConfig.LogFormat.JSON) {
      JsonLineEncoder json = new JsonLineEncoder();
      json.setContext(context);
      json.start();
      return json;
    }
    return text(context);
  }

  private static Encoder<ILoggingEvent> text(LoggerContext context) {
    PatternLayoutEncoder text = new PatternLayoutEncoder();
    text.setContext(context);
    text.setPattern(TEXT);
    text.start();
    return text;
  }

  private static LoggerContext context() {
    return (LoggerContext) LoggerFactory.getILoggerFactory();
  }
}
