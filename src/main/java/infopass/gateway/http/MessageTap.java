package infopass.gateway.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.Utf8FrameValidator;
import java.util.function.LongSupplier;

/**
 * Stands between the codec of an HTTP/1 connection and Vert.x: tells the gate of answers, takes
 * content off the pool, and watches over the frames of a WebSocket. Belongs to one event loop.
 */
final class MessageTap extends ChannelDuplexHandler {
  private static final int SWITCHING = 101;
  private static final int OK = 200;

  private final RequestGate gate;
  private final LongSupplier nanoTime;

  /** Whether what is being written is an interim answer (1xx), after which another comes. */
  private boolean interim;

  MessageTap(RequestGate gate, LongSupplier nanoTime) {
    this.gate = gate;
    this.nanoTime = nanoTime;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof HttpRequest request && request.decoderResult().isFailure()) {
      // The codec may not have read a version: the answer has our own.
      request.setProtocolVersion(HttpVersion.HTTP_1_1);
    }
    context.fireChannelRead(message instanceof HttpContent content ? onHeap(content) : message);
  }

  /**
   * Vert.x copies content to the heap when it hands it out; what is still queued when a connection
   * closes it forgets to release. So the copy is made here, where nothing can be forgotten.
   */
  private static HttpContent onHeap(HttpContent content) {
    ByteBuf pooled = content.content();
    if (!pooled.isReadable() || content.decoderResult().isFailure()) {
      return content;
    }
    byte[] copy = new byte[pooled.readableBytes()];
    pooled.readBytes(copy);
    HttpContent replaced = content.replace(Unpooled.wrappedBuffer(copy));
    pooled.release();
    return replaced;
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    if (message instanceof HttpResponse response) {
      int status = response.status().code();
      interim = status < OK && status != SWITCHING;
      boolean last =
          response.headers().contains(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE, true);
      gate.answering(status, last);
      if (status == SWITCHING) {
        context
            .pipeline()
            .addBefore(context.name(), null, new Utf8FrameValidator(false))
            .addBefore(context.name(), null, new SocketFrames(nanoTime));
      }
    }
    boolean end = message instanceof LastHttpContent && !interim;
    context.write(message, promise);
    if (end) {
      gate.answered();
    }
  }

  /** A broken frame gets the close code that RFC 6455 section 7.4.1 has for it. */
  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (cause instanceof CorruptedWebSocketFrameException broken && context.channel().isActive()) {
      context
          .writeAndFlush(new CloseWebSocketFrame(broken.closeStatus()))
          // Past Vert.x, which would send a close of its own and wait for an answer.
          .addListener(written -> context.close());
      return;
    }
    context.fireExceptionCaught(cause);
  }
}
