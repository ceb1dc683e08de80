package infopass.gateway.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
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
 * How many HTTP/2 frames that carry no request a peer may send. Requests and their content earn
 * some, time earns some; who spends more gets GOAWAY with ENHANCE_YOUR_CALM (RFC 9113 section
 * 10.5), and the connection ends. Belongs to one connection.
 */
final class FrameBudget extends Http2FrameListenerDecorator {
  private static final int BURST = 1_000;
  private static final int PER_SECOND = 200;

  /** A window update for the stream and one for the connection, twice. */
  private static final int PER_REQUEST = 4;

  private static final long NANOS_PER_FRAME = TimeUnit.SECONDS.toNanos(1) / PER_SECOND;

  private final LongSupplier nanoTime;
  private int left = BURST;
  private long earnedAt;

  FrameBudget(Http2FrameListener listener, LongSupplier nanoTime) {
    super(listener);
    this.nanoTime = nanoTime;
    this.earnedAt = nanoTime.getAsLong();
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

  @Override
  public int onDataRead(
      ChannelHandlerContext ctx, int streamId, ByteBuf data, int padding, boolean endOfStream)
      throws Http2Exception {
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
    earn(PER_REQUEST);
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
    earn(PER_REQUEST);
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
