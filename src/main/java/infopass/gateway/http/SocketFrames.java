package infopass.gateway.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Watches the frames that come on a WebSocket. Its clients have nothing to say, so they may send
 * few: who sends more is closed with 1008. A ping whose answer would only be piled up is passed
 * over (RFC 6455 section 5.5.3 asks for the latest alone), and a close with a code that nobody may
 * send (section 7.4) is answered with 1002. Belongs to one connection.
 */
final class SocketFrames extends ChannelInboundHandlerAdapter {
  private static final int BURST = 200;
  private static final long NANOS_PER_FRAME = TimeUnit.SECONDS.toNanos(1) / 20;
  private static final int LAST_CODE = 4_999;

  private final LongSupplier nanoTime;
  private int left = BURST;
  private long earnedAt;
  private boolean closing;

  SocketFrames(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.earnedAt = nanoTime.getAsLong();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (!(message instanceof WebSocketFrame)) {
      context.fireChannelRead(message);
    } else if (closing) {
      ReferenceCountUtil.release(message);
    } else if (!spend()) {
      close(context, message, WebSocketCloseStatus.POLICY_VIOLATION);
    } else if (message instanceof CloseWebSocketFrame close && close.statusCode() > LAST_CODE) {
      close(context, message, WebSocketCloseStatus.PROTOCOL_ERROR);
    } else if (message instanceof PingWebSocketFrame && !context.channel().isWritable()) {
      ReferenceCountUtil.release(message);
    } else {
      context.fireChannelRead(message);
    }
  }

  private boolean spend() {
    if (left == 0) {
      long now = nanoTime.getAsLong();
      left = (int) Math.min(BURST, (now - earnedAt) / NANOS_PER_FRAME);
      earnedAt = now;
    }
    return left-- > 0;
  }

  /** Past Vert.x, which would send a close of its own and wait for an answer. */
  private void close(ChannelHandlerContext context, Object message, WebSocketCloseStatus status) {
    closing = true;
    ReferenceCountUtil.release(message);
    context
        .writeAndFlush(new CloseWebSocketFrame(status))
        .addListener(written -> Wire.cut(context.channel()));
  }
}
