package infopass.gateway.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.function.IntConsumer;

/**
 * Ends the process where the heap was exhausted, as {@code -XX:+ExitOnOutOfMemoryError} does, for
 * starts that lack that flag: what a thread left half done then is never put right. It sees what
 * libraries log and what ends a thread. Thread-safe.
 */
public final class OutOfMemoryExit extends Filter<ILoggingEvent> {
  /** The code that the virtual machine's own flag exits with. */
  static final int CODE = 3;

  private static final int MOST_CAUSES = 16;

  private final IntConsumer halt;

  public OutOfMemoryExit() {
    this(code -> Runtime.getRuntime().halt(code));
  }

  /**
   * @param halt ends the process with a code, without running what would need memory
   */
  OutOfMemoryExit(IntConsumer halt) {
    this.halt = halt;
  }

  /** Looks at what ends a thread, from now on. */
  public static void install() {
    OutOfMemoryExit exit = new OutOfMemoryExit();
    Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, cause) -> {
          exit.check(cause);
          if (before == null) {
            thread.getThreadGroup().uncaughtException(thread, cause);
          } else {
            before.uncaughtException(thread, cause);
          }
        });
  }

  @Override
  public FilterReply decide(ILoggingEvent event) {
    IThrowableProxy thrown = event.getThrowableProxy();
    if (thrown instanceof ThrowableProxy proxy) {
      check(proxy.getThrowable());
    }
    return FilterReply.NEUTRAL;
  }

  /** Ends the process if this was, or was caused by, an exhausted heap. */
  public void check(Throwable thrown) {
    Throwable cause = thrown;
    for (int i = 0; cause != null && i < MOST_CAUSES; i++) {
      // Its subclasses are Netty's, of memory outside the heap: a request failed by that is undone.
      if (cause.getClass() == OutOfMemoryError.class) {
        System.err.println("out of memory: " + cause.getMessage());
        halt.accept(CODE);
        return;
      }
      cause = cause.getCause();
    }
  }
}
