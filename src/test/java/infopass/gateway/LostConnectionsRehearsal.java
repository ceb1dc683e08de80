package infopass.gateway;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.util.Locale;
import org.slf4j.LoggerFactory;

/**
 * A hundred thousand requests while one connection to the partner in ten is reset in mid-flight.
 * Run on demand, see the robustness document.
 */
public final class LostConnectionsRehearsal {
  private static final int CALLERS = 50;
  private static final int REQUESTS_EACH = Integer.getInteger("each", 2_000);

  private LostConnectionsRehearsal() {}

  public static void main(String[] args) {
    ((Logger) LoggerFactory.getLogger("infopass.gateway")).setLevel(Level.ERROR);
    LostConnectionsIT.Result result = LostConnectionsIT.run(CALLERS, REQUESTS_EACH);
    result.failures().stream().limit(5).forEach(System.out::println);
    System.out.printf(
        Locale.ROOT,
        "%s requests on %s connections, %s of which were reset in mid-flight: %s failed (%.3f %%"
            + " succeeded), %s crossed; links made twice %s, possible duplicates counted %s%n",
        result.requests(),
        result.connections(),
        result.resets(),
        result.failures().size(),
        100.0 - 100.0 * result.failures().size() / result.requests(),
        result.crossed().size(),
        result.duplicates(),
        result.counted());
  }
}
