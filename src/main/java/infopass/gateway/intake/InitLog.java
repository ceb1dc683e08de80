package infopass.gateway.intake;

import infopass.gateway.digilocker.InitFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/** One line per init that gave no link: what, for which request, after how long. */
final class InitLog {
  private static final Logger LOG = LoggerFactory.getLogger("infopass.gateway.init");

  private InitLog() {}

  static void denied(String correlationId, InitFailure failure, long elapsedMillis) {
    LoggingEventBuilder line =
        (failure.status() >= 500 ? LOG.atWarn() : LOG.atInfo())
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
