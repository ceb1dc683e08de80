package infopass.gateway.http;

import infopass.gateway.logging.LogLimit;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Counts connections that the system did not hand out, and says so once a minute. Netty tries again
 * each second, and would log that. Thread-safe.
 */
@Sharable
final class AcceptFailures extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(AcceptFailures.class);
  private static final LogLimit LIMIT = new LogLimit();
  private static final String USED_UP = "Too many open files";

  private final LongAdder failures;

  AcceptFailures(LongAdder failures) {
    this.failures = failures;
    OpenFiles.now(); // What it needs is loaded while there are descriptors for that.
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    failures.increment();
    String message = String.valueOf(cause.getMessage());
    if (message.contains(USED_UP)) {
      OpenFiles files = OpenFiles.now();
      LIMIT
          .line(LOG, Level.WARN, USED_UP)
          .addKeyValue("open", files.open())
          .addKeyValue("limit", files.limit())
          .log(
              "file descriptors are used up, no connection can be accepted: raise the limit of open"
                  + " files (ulimit -n, LimitNOFILE, fs.file-max), or lower http.maxConnections");
    } else {
      LIMIT
          .line(LOG, Level.WARN, cause.getClass())
          .addKeyValue("cause", message)
          .log("a connection could not be accepted");
    }
  }
}
