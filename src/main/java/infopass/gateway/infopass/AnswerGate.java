package infopass.gateway.infopass;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.List;

/**
 * Stands around the codec of an HTTP/1 connection to the partner and lets one answer to each
 * request through: interim answers (1xx) are passed over (RFC 9110 section 15.2), and a connection
 * on which anything comes that nobody asked for is closed, since it would be taken for the answer
 * to the next request, which is somebody else's. Belongs to one event loop.
 */
final class AnswerGate extends ChannelDuplexHandler {
  private static final int MOST_INTERIM = 8;
  private static final int SWITCHING = 101;

  private ByteBuf reading;
  private boolean awaiting;
  private boolean ended;
  private boolean interim;
  private int interims;

  private AnswerGate() {}

  /** Guards a connection that was just made, and keeps what comes on it out of the log. */
  static void guard(HttpConnection connection) {
    // What Vert.x would log of an answer that cannot be read may quote it.
    connection.exceptionHandler(lost -> {});
    if (!(connection instanceof ConnectionBase base)) {
      return;
    }
    ChannelHandlerContext context = base.channelHandlerContext();
    ChannelPipeline pipeline = context.pipeline();
    ChannelHandlerContext codec = pipeline.context(HttpClientCodec.class);
    if (codec != null) {
      AnswerGate gate = new AnswerGate();
      pipeline.addBefore(codec.name(), null, gate.new Bytes());
      pipeline.addBefore(context.name(), null, gate);
    }
  }

  /** The side of the network. */
  private final class Bytes extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      if (!(message instanceof ByteBuf bytes)) {
        context.fireChannelRead(message);
        return;
      }
      if (!awaiting) {
        bytes.release();
        context.close();
        return;
      }
      reading = bytes.retain();
      try {
        context.fireChannelRead(bytes);
      } finally {
        reading = null;
        bytes.release();
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      ended = true;
      context.fireChannelInactive();
    }
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    if (message instanceof HttpRequest) {
      awaiting = true;
      interims = 0;
    }
    context.write(message, promise);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    boolean last = message instanceof LastHttpContent;
    if (message instanceof HttpResponse response && !last) {
      interim = response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
      if (interim && (response.status().code() == SWITCHING || ++interims > MOST_INTERIM)) {
        context.close();
      }
      if (!framesSafely(response)) {
        response.setDecoderResult(
            DecoderResult.failure(new DecoderException("the length of the answer is ambiguous")));
      }
    }
    if (interim || brokenOff(message)) {
      interim &= !last;
      ReferenceCountUtil.release(message);
      return;
    }
    if (last) {
      awaiting = false;
      if (reading != null && reading.isReadable()) {
        // Before it is handed on: the connection must not be another request's first.
        context.close();
      }
    }
    context.fireChannelRead(message);
  }

  /** Whether its length is unambiguous (RFC 9112 section 6.3). */
  private static boolean framesSafely(HttpResponse response) {
    List<String> codings = response.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING);
    return codings.isEmpty()
        || codings.size() == 1
            && HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(codings.get(0).strip())
            && !response.headers().contains(HttpHeaderNames.CONTENT_LENGTH);
  }

  /** What the codec makes of the beginning of an answer whose rest was lost with the connection. */
  private boolean brokenOff(Object message) {
    return ended && message instanceof HttpObject object && object.decoderResult().isFailure();
  }
}
