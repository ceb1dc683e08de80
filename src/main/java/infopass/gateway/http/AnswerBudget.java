package infopass.gateway.http;

import infopass.gateway.logging.LogLimit;
import io.netty.channel.Channel;
import java.util.LinkedHashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Bounds what one event loop keeps of HTTP/2 answers that their callers do not take: where that is
 * too much, the connection that has been blocked for the longest time is ended. The shares of all
 * event loops together fit the heap. Belongs to one event loop.
 */
final class AnswerBudget {
  /**
   * What a stream and its answer's fields take in the heap, beside the answer's content; measured.
   */
  static final int STREAM_BYTES = 12 * 1024;

  private static final Logger LOG = LoggerFactory.getLogger(AnswerBudget.class);
  private static final LogLimit LIMIT = new LogLimit();

  /** Part of the heap that all event loops together may keep such answers in. */
  private static final int SHARE_OF_HEAP = 8;

  private static final long LEAST_BYTES = 16L * STREAM_BYTES;

  private final long maxBytes;
  private final Set<BlockedAnswers> oldestFirst = new LinkedHashSet<>();
  private long bytes;

  AnswerBudget(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /**
   * Makes the share of one of so many event loops.
   *
   * @param heap the most that the heap can grow to, in bytes
   */
  static AnswerBudget share(long heap, int loops) {
    return new AnswerBudget(Math.max(LEAST_BYTES, heap / SHARE_OF_HEAP / loops));
  }

  long bytes() {
    return bytes;
  }

  /** Counts an answer that waits on this connection; may end connections, this one too. */
  void add(BlockedAnswers connection, long answer) {
    bytes += answer;
    oldestFirst.add(connection);
    if (bytes > maxBytes) {
      // What only waits for the end of a read is written by it.
      connection.flush();
    }
    while (bytes > maxBytes && !oldestFirst.isEmpty()) {
      BlockedAnswers oldest = oldestFirst.iterator().next();
      Channel channel = oldest.channel();
      oldestFirst.remove(oldest);
      bytes -= oldest.giveUp();
      LIMIT
          .line(LOG, Level.WARN, "given up")
          .addKeyValue("maxBytes", maxBytes)
          .log("a connection that takes no answers was ended: too many wait to be taken");
      Wire.cut(channel);
    }
  }

  /** Forgets an answer that has been taken, or whose connection is gone. */
  void remove(BlockedAnswers connection, long answer, boolean last) {
    bytes -= answer;
    if (last) {
      oldestFirst.remove(connection);
    }
  }
}
