package infopass.gateway;

import ch.qos.logback.classic.ClassicConstants;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.core.spi.ContextAwareBase;

/**
 * Logging of the gateway's own process until the configuration has been read: warnings, on standard
 * error. Found by the logging library itself, in place of a file, which takes a tenth of a start to
 * read. A file that is named by {@code logback.configurationFile} is read all the same, and in
 * other processes, which have the gateway as a library, nothing is changed.
 */
@ConfiguratorRank(ConfiguratorRank.CUSTOM_TOP_PRIORITY)
public final class EarlyLogging extends ContextAwareBase implements Configurator {
  private static volatile boolean ours;

  /** This process is the gateway's own: call it before the first logger is made. */
  static void claim() {
    ours = true;
  }

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    if (!ours || System.getProperty(ClassicConstants.CONFIG_FILE_PROPERTY) != null) {
      return ExecutionStatus.INVOKE_NEXT_IF_ANY;
    }
    Logging.early(context);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }
}
