package infopass.gateway.http;

import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.timeout.IdleStateHandler;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * What lies behind the public API of Vert.x: the channel of a connection and its pipeline.
 * Stateless.
 */
final class Wire {
  /** A connection that may not be read on is stopped after one read: that must be a small one. */
  private static final int READ = 8 * 1024;

  private static final int SMALLEST_READ = 512;

  /** From the higher on nothing more is written, until the lower is reached. */
  private static final WriteBufferWaterMark WRITTEN = new WriteBufferWaterMark(4 * 1024, 8 * 1024);

  private Wire() {}

  /** Stands guard over what comes and goes on a connection, until it closes. */
  static void guard(
      HttpConnection connection,
      ConnectionWatch watch,
      PipelineTurns turns,
      RequestFraming framing,
      AnswerBudget answers,
      LongSupplier nano) {
    if (!(connection instanceof ConnectionBase base)) {
      return;
    }
    ChannelHandlerContext context = base.channelHandlerContext();
    ChannelPipeline pipeline = context.pipeline();
    Channel channel = context.channel();
    channel
        .config()
        .setRecvByteBufAllocator(new AdaptiveRecvByteBufAllocator(SMALLEST_READ, READ, READ));
    channel.config().setWriteBufferWaterMark(WRITTEN);
    Lateness peer = peer(connection, context, turns, framing, answers, nano);
    IdleStateHandler idle = pipeline.get(IdleStateHandler.class);
    if (idle != null && idle.getWriterIdleTimeInMillis() > 0) {
      // That was for a preface of HTTP/2 that does not come: until it does, nothing is written.
      long millis = idle.getAllIdleTimeInMillis();
      pipeline.replace(idle, "idle", new IdleStateHandler(0, 0, millis, TimeUnit.MILLISECONDS));
    }
    watch.add(channel, peer);
  }

  private static Lateness peer(
      HttpConnection connection,
      ChannelHandlerContext context,
      PipelineTurns turns,
      RequestFraming framing,
      AnswerBudget answers,
      LongSupplier nano) {
    ChannelPipeline pipeline = context.pipeline();
    ChannelHandlerContext decoder = pipeline.context(HttpRequestDecoder.class);
    if (decoder != null) {
      RequestGate gate = new RequestGate(framing, turns, nano);
      pipeline.addBefore(decoder.name(), null, gate);
      pipeline.addBefore(context.name(), null, new MessageTap(gate, nano));
      gate.before(decoder);
      return gate;
    }
    Http2ConnectionHandler http2 = pipeline.get(Http2ConnectionHandler.class);
    if (http2 != null && connection instanceof Http2FrameListener listener) {
      int streams =
          (int) Math.min(Integer.MAX_VALUE, connection.settings().getMaxConcurrentStreams());
      BlockedAnswers blocked =
          new BlockedAnswers(listener, http2, pipeline.context(http2), answers);
      return FrameBudget.guard(pipeline, http2, blocked, streams, nano);
    }
    return (now, limits) -> false;
  }

  /** Counts an answer that its HTTP/2 connection has not taken yet. */
  static void blocked(HttpConnection connection, int contentBytes, Future<Void> written) {
    if (connection instanceof ConnectionBase base) {
      BlockedAnswers answers = BlockedAnswers.of(base.channelHandlerContext().channel());
      if (answers != null) {
        answers.add(contentBytes, written);
      }
    }
  }

  /** The socket that the connection was taken from; null where that cannot be told. */
  static Channel acceptor(HttpConnection connection) {
    return connection instanceof ConnectionBase base
        ? base.channelHandlerContext().channel().parent()
        : null;
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

  /** Runs the action once when the answer has ended, whoever ended it. */
  static void whenEnded(HttpServerResponse response, Runnable action) {
    boolean[] ended = {false};
    Handler<Object> once =
        end -> {
          if (!ended[0]) {
            ended[0] = true;
            action.run();
          }
        };
    response.exceptionHandler(once::handle).closeHandler(once::handle).endHandler(once::handle);
  }

  /** Whether the connection is gone; what it had sent before may still be handed out. */
  static boolean closed(HttpConnection connection) {
    return connection instanceof ConnectionBase base
        && !base.channelHandlerContext().channel().isActive();
  }

  /** Ends the connection at once, without waiting for anything to be written. */
  static void cut(HttpConnection connection) {
    if (connection instanceof ConnectionBase base) {
      cut(base.channelHandlerContext().channel());
    } else {
      connection.close();
    }
  }

  /** Not by way of the pipeline, whose end waits for what cannot be written. */
  static void cut(Channel channel) {
    channel.unsafe().close(channel.voidPromise());
  }

  /** Sends what was written so far, before a close that would lose it. */
  static void flush(HttpConnection connection) {
    if (connection instanceof ConnectionBase base) {
      base.channelHandlerContext().flush();
    }
  }
}
