package infopass.gateway.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpVersion;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;

/**
 * What Vert.x leaves open between codec and request. A request of another HTTP version, which it
 * would answer by itself, is made one that the codec could not read, so that it gets a problem
 * document like every other. Content is taken off the pool. Behind the public API of Vert.x;
 * stateless.
 */
@ChannelHandler.Sharable
final class Wire extends ChannelInboundHandlerAdapter {
  /** Why a request of another version is not served. */
  static final class UnknownVersionException extends Exception {
    private static final long serialVersionUID = 1L;

    private UnknownVersionException() {
      super("unknown HTTP version", null, false, false);
    }
  }

  private static final Wire GUARD = new Wire();
  private static final DecoderResult UNKNOWN_VERSION =
      DecoderResult.failure(new UnknownVersionException());

  private Wire() {}

  /** Watches the versions of what comes on a connection; HTTP/2 has none to watch. */
  static void guard(HttpConnection connection) {
    if (connection instanceof ConnectionBase base) {
      ChannelHandlerContext context = base.channelHandlerContext();
      ChannelPipeline pipeline = context.pipeline();
      if (pipeline.get(HttpRequestDecoder.class) != null) {
        pipeline.addBefore(context.name(), null, GUARD);
      }
    }
  }

  /**
   * Runs the action when the connection is gone. The connection's own close handler is not told any
   * more once a WebSocket has taken the connection over.
   */
  static void whenClosed(HttpConnection connection, Runnable action) {
    if (connection instanceof ConnectionBase base) {
      base.channelHandlerContext().channel().closeFuture().addListener(closed -> action.run());
    } else {
      connection.closeHandler(closed -> action.run());
    }
  }

  /** Whether the connection is gone; what it had sent before may still be handed out. */
  static boolean closed(HttpConnection connection) {
    return connection instanceof ConnectionBase base
        && !base.channelHandlerContext().channel().isActive();
  }

  /** Ends the connection at once, without waiting for anything to be written. */
  static void cut(HttpConnection connection) {
    if (connection instanceof ConnectionBase base) {
      base.channelHandlerContext().channel().close();
    } else {
      connection.close();
    }
  }

  /** Sends what was written so far, before a close that would lose it. */
  static void flush(HttpConnection connection) {
    if (connection instanceof ConnectionBase base) {
      base.channelHandlerContext().flush();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof HttpRequest request) {
      HttpVersion version = request.protocolVersion();
      if (request.decoderResult().isFailure()) {
        // The codec could not read a version either: the answer has our own.
        request.setProtocolVersion(HttpVersion.HTTP_1_1);
      } else if (version != HttpVersion.HTTP_1_1 && version != HttpVersion.HTTP_1_0) {
        request.setProtocolVersion(HttpVersion.HTTP_1_1);
        request.setDecoderResult(UNKNOWN_VERSION);
      }
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
}
