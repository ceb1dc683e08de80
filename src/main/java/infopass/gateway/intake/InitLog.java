package infopass.gateway.intake;

import infopass.gateway.digilocker.InitFailure;
import infopass.gateway.logging.LogLimit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Logs inits that gave no link: what, for which request, after how long. One a minute for each
 * problem, outcome and status of the partner; the access log has every one.
 */
final class InitLog {
  private static final Logger LOG = LoggerFactory.getLogger("infopass.gateway.init");
  private static final LogLimit LIMIT = new LogLimit();

  private InitLog() {}

  private static String kind(InitFailure failure) {
    int upstream = failure.upstream() == null ? 0 : failure.upstream().status();
    return failure.problem().slug() + failure.outcome() + upstream;
  }

  static void denied(String correlationId, InitFailure failure, long elapsedMillis) {
    LoggingEventBuilder line =
        LIMIT
            .line(LOG, failure.status() >= 500 ? Level.WARN : Level.INFO, kind(failure))
            .addKeyValue("correlationId", correlationId)
            .addKeyValue("failure", failure.problem().slug())
            .addKeyValue("elapsedMs", elapsedMillis);
    if (failure.outcome() != null) {
      line = line.addKeyValue("outcome", failure.outcome().word());
    }
    if (failure.upstream() != null) {
      line = line.addKeyValue("upstreamStatus", failure.upstream().status());
    }
    line.log("init failed");
  }
}
