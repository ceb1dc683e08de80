package infopass.gateway.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How many HTTP/2 frames that carry no request a peer may send, and how many bytes that come to
 * nothing: the codec passes over frames of streams that are gone. Requests and their content earn
 * some, time earns some; who spends more gets GOAWAY with ENHANCE_YOUR_CALM (RFC 9113 section
 * 10.5). Belongs to one connection.
 */
final class FrameBudget extends Http2FrameListenerDecorator implements Lateness {
  private static final int BURST = 1_000;
  private static final long BURST_BYTES = 64 * 1024;
  private static final long NANOS_PER_KIB = TimeUnit.SECONDS.toNanos(1) / 16;

  /** More than the largest header section. */
  private static final long BYTES_PER_REQUEST = 16 * 1024;

  /** Of a frame, before its payload. */
  private static final int FRAME_HEADER = 9;

  /**
   * Streams beyond what the settings allow that are refused as such, not as a broken connection.
   */
  private static final int SURPLUS = 1_000;

  private static final long NOTHING = Long.MIN_VALUE;
  private static final int PER_SECOND = 200;

  /** A window update for the stream and one for the connection, twice. */
  private static final int PER_REQUEST = 4;

  private static final long NANOS_PER_FRAME = TimeUnit.SECONDS.toNanos(1) / PER_SECOND;

  private final LongSupplier nanoTime;
  private final Http2Connection connection;
  private final int maxStreams;
  private ChannelHandlerContext context;
  private int left = BURST;
  private long earnedAt;
  private long bytesLeft = BURST_BYTES;
  private long bytesEarnedAt;

  private long requestAt;
  private boolean asked;

  private FrameBudget(
      Http2FrameListener listener,
      Http2Connection connection,
      int maxStreams,
      LongSupplier nanoTime) {
    super(listener);
    this.connection = connection;
    this.maxStreams = maxStreams;
    this.nanoTime = nanoTime;
    this.earnedAt = nanoTime.getAsLong();
    this.bytesEarnedAt = earnedAt;
    this.requestAt = earnedAt;
  }

  /**
   * Takes its places, before the codec in this pipeline and behind it.
   *
   * @param maxStreams most requests at once
   */
  static FrameBudget guard(
      ChannelPipeline pipeline,
      Http2ConnectionHandler codec,
      Http2FrameListener listener,
      int maxStreams,
      LongSupplier nanoTime) {
    FrameBudget budget = new FrameBudget(listener, codec.connection(), maxStreams, nanoTime);
    codec.decoder().frameListener(budget);
    budget.allowSurplus();
    pipeline.addBefore(pipeline.context(codec).name(), null, budget.new Bytes());
    return budget;
  }

  /**
   * A caller may have sent more than the settings allow before it saw them. What the codec itself
   * refuses it does not know any more when the content comes, and ends the connection for it.
   */
  private void allowSurplus() {
    connection.remote().maxActiveStreams(maxStreams + SURPLUS);
  }

  /** What comes, before frames are made of it. */
  private final class Bytes extends ChannelInboundHandlerAdapter {
    @Override
    public void handlerAdded(ChannelHandlerContext added) {
      context = added;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      if (message instanceof ByteBuf bytes) {
        bytesLeft -= bytes.readableBytes();
        if (bytesLeft < 0 && !earnedBytes()) {
          bytes.release();
          end("too many bytes that come to nothing");
          return;
        }
      }
      ctx.fireChannelRead(message);
    }
  }

  private boolean earnedBytes() {
    long now = nanoTime.getAsLong();
    long earned = (now - bytesEarnedAt) / NANOS_PER_KIB * 1024;
    bytesEarnedAt = now;
    earnBytes(Math.min(BURST_BYTES, earned));
    return bytesLeft >= 0;
  }

  private void earnBytes(long bytes) {
    bytesLeft = Math.min(BURST_BYTES, bytesLeft + bytes);
  }

  /** Through the codec, which says why in a GOAWAY and closes. */
  private void end(String why) {
    context.fireExceptionCaught(Http2Exception.connectionError(Http2Error.ENHANCE_YOUR_CALM, why));
  }

  /**
   * Ends a connection on which nothing is asked: the first whole head must come as soon as on
   * HTTP/1, and later ones before the connection has been idle for too long. Other frames, and the
   * beginning of a head, do not keep it open.
   */
  @Override
  public boolean late(long now, Limits limits) {
    boolean busy = connection.numActiveStreams() > 0;
    if (busy) {
      requestAt = now;
    }
    if (!busy && now - requestAt > (asked ? limits.idleNanos() : limits.firstNanos())) {
      context.channel().close();
      return true;
    }
    return false;
  }

  private void earn(int frames) {
    left = Math.min(BURST, left + frames);
  }

  private void spend() throws Http2Exception {
    if (left == 0) {
      long now = nanoTime.getAsLong();
      long frames = (now - earnedAt) / NANOS_PER_FRAME;
      earnedAt = now;
      earn((int) Math.min(BURST, frames));
      if (left == 0) {
        throw Http2Exception.connectionError(
            Http2Error.ENHANCE_YOUR_CALM, "too many frames that carry no request");
      }
    }
    left--;
  }

  /** Or trailers, which have no pseudo-fields. */
  private void request(int streamId, Http2Headers headers) throws Http2Exception {
    requestAt = nanoTime.getAsLong();
    asked = true;
    earn(PER_REQUEST);
    earnBytes(BYTES_PER_REQUEST);
    if (connection.remote().numActiveStreams() > maxStreams) {
      throw Http2Exception.streamError(
          streamId, Http2Error.REFUSED_STREAM, "more streams than the settings allow");
    }
    String fault = HeadSyntax.faultOfHttp2(headers);
    if (fault != null) {
      throw Http2Exception.streamError(streamId, Http2Error.PROTOCOL_ERROR, fault);
    }
  }

  @Override
  public int onDataRead(
      ChannelHandlerContext ctx, int streamId, ByteBuf data, int padding, boolean endOfStream)
      throws Http2Exception {
    earnBytes(FRAME_HEADER + data.readableBytes() + padding);
    if (data.isReadable()) {
      earn(1);
    } else if (!endOfStream) {
      spend();
    }
    return super.onDataRead(ctx, streamId, data, padding, endOfStream);
  }

  @Override
  public void onHeadersRead(
      ChannelHandlerContext ctx, int streamId, Http2Headers headers, int padding, boolean end)
      throws Http2Exception {
    request(streamId, headers);
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
    request(streamId, headers);
    super.onHeadersRead(
        ctx, streamId, headers, streamDependency, weight, exclusive, padding, endStream);
  }

  @Override
  public void onPriorityRead(
      ChannelHandlerContext ctx, int streamId, int dependency, short weight, boolean exclusive)
      throws Http2Exception {
    spend();
    super.onPriorityRead(ctx, streamId, dependency, weight, exclusive);
  }

  @Override
  public void onRstStreamRead(ChannelHandlerContext ctx, int streamId, long errorCode)
      throws Http2Exception {
    spend();
    super.onRstStreamRead(ctx, streamId, errorCode);
  }

  @Override
  public void onSettingsAckRead(ChannelHandlerContext ctx) throws Http2Exception {
    spend();
    allowSurplus();
    super.onSettingsAckRead(ctx);
  }

  @Override
  public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings)
      throws Http2Exception {
    spend();
    super.onSettingsRead(ctx, settings);
  }

  @Override
  public void onPingRead(ChannelHandlerContext ctx, long data) throws Http2Exception {
    spend();
    super.onPingRead(ctx, data);
  }

  @Override
  public void onPingAckRead(ChannelHandlerContext ctx, long data) throws Http2Exception {
    spend();
    super.onPingAckRead(ctx, data);
  }

  @Override
  public void onGoAwayRead(
      ChannelHandlerContext ctx, int lastStreamId, long errorCode, ByteBuf debugData)
      throws Http2Exception {
    spend();
    super.onGoAwayRead(ctx, lastStreamId, errorCode, debugData);
  }

  @Override
  public void onWindowUpdateRead(ChannelHandlerContext ctx, int streamId, int increment)
      throws Http2Exception {
    spend();
    super.onWindowUpdateRead(ctx, streamId, increment);
  }

  @Override
  public void onUnknownFrame(
      ChannelHandlerContext ctx, byte type, int streamId, Http2Flags flags, ByteBuf payload)
      throws Http2Exception {
    spend();
    super.onUnknownFrame(ctx, type, streamId, flags, payload);
  }
}
