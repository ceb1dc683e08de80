package infopass.gateway.load;

import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslContext;
import java.time.Duration;

/** Lets the compilers of a process work before it is measured. */
final class WarmUp {
  private static final int CONNECTIONS = 128;

  /** By then the compilers are done with what a request needs, on one core that all share. */
  private static final long ANSWERS = 200_000;

  private static final int SECONDS = 90;

  private WarmUp() {}

  /**
   * Drives it as fast as it answers.
   *
   * @param tls null for plain HTTP
   */
  static void of(Settings settings, EventLoop loop, Subject subject, SslContext tls) {
    try (Driver driver = new Driver(loop, subject.address(), tls, Requests.init(), CONNECTIONS)) {
      driver.beginClosedLoop();
      Pause.of(settings.warmUp());
      for (int second = 0; second < SECONDS; second++) {
        if (driver.answered() >= ANSWERS) {
          break;
        }
        Pause.of(Duration.ofSeconds(1));
      }
      driver.endClosedLoop();
    }
  }
}
