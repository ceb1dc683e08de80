package infopass.gateway.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AttributeKey;
import io.vertx.core.Future;

/**
 * The answers of one HTTP/2 connection that have been given and not been taken: its caller opens no
 * window for them, or does not read. A request that comes while there are {@link #MOST} of them is
 * refused with REFUSED_STREAM, which says that it can be sent again. Belongs to one connection.
 */
final class BlockedAnswers extends Http2FrameListenerDecorator {
  /** Answers that may wait for their caller before its next request is refused. */
  static final int MOST = 8;

  /** The same in bytes: the contents of large answers, and what each stream takes. */
  static final long MOST_BYTES = 192 * 1024;

  private static final AttributeKey<BlockedAnswers> KEY =
      AttributeKey.valueOf(BlockedAnswers.class, "");

  private final Http2ConnectionHandler codec;
  private final ChannelHandlerContext context;
  private final AnswerBudget budget;
  private int answers;
  private long bytes;
  private boolean givenUp;

  BlockedAnswers(
      Http2FrameListener listener,
      Http2ConnectionHandler codec,
      ChannelHandlerContext context,
      AnswerBudget budget) {
    super(listener);
    this.codec = codec;
    this.context = context;
    this.budget = budget;
    context.channel().attr(KEY).set(this);
  }

  /** Those of a channel; null where it does not speak HTTP/2. */
  static BlockedAnswers of(Channel channel) {
    return channel.attr(KEY).get();
  }

  Channel channel() {
    return context.channel();
  }

  /** Writes what the windows let through, by way of the codec. */
  void flush() {
    codec.flush(context);
  }

  /** Counts an answer until it has been taken, or its stream is gone. */
  void add(int contentBytes, Future<Void> written) {
    if (givenUp) {
      return;
    }
    long weight = (long) AnswerBudget.STREAM_BYTES + contentBytes;
    answers++;
    bytes += weight;
    budget.add(this, weight);
    written.onComplete(taken -> remove(weight));
  }

  private void remove(long weight) {
    answers--;
    bytes -= weight;
    if (!givenUp) {
      budget.remove(this, weight, answers == 0);
    }
  }

  /** No longer counts in the budget; what it had counted there. */
  long giveUp() {
    givenUp = true;
    return bytes;
  }

  private void admit(int streamId, Http2Headers headers) throws Http2Exception {
    // Trailers have no method: their request has been admitted.
    if (!full() || headers.method() == null) {
      return;
    }
    flush();
    if (full()) {
      throw Http2Exception.streamError(
          streamId, Http2Error.REFUSED_STREAM, "earlier answers have not been taken");
    }
  }

  private boolean full() {
    return answers >= MOST || bytes >= MOST_BYTES;
  }

  @Override
  public void onHeadersRead(
      ChannelHandlerContext ctx, int streamId, Http2Headers headers, int padding, boolean end)
      throws Http2Exception {
    admit(streamId, headers);
    super.onHeadersRead(ctx, streamId, headers, padding, end);
  }

  @Override
  public void onHeadersRead(
      ChannelHandlerContext ctx,
      int streamId,
      Http2Headers headers,
      int streamDependency,
      short weight,
      boolean exclusive,
      int padding,
      boolean endStream)
      throws Http2Exception {
    admit(streamId, headers);
    super.onHeadersRead(
        ctx, streamId, headers, streamDependency, weight, exclusive, padding, endStream);
  }
}
