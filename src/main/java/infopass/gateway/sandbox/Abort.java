package infopass.gateway.sandbox;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;

/** Ends an exchange the hard way: TCP reset for HTTP/1, stream reset for HTTP/2. */
final class Abort {

  private static final long INTERNAL_ERROR = 0x2;

  private Abort() {}

  /** On the event loop of the request. */
  static void reset(HttpServerRequest request) {
    HttpConnection connection = request.connection();
    if (request.version() == HttpVersion.HTTP_2) {
      request.response().reset(INTERNAL_ERROR);
    } else if (connection instanceof ConnectionBase base) {
      reset(base.channel());
    } else {
      connection.close();
    }
  }

  /**
   * With no time to linger the system sends RST instead of FIN. Past the pipeline, or TLS would say
   * good-bye first.
   */
  private static void reset(Channel channel) {
    if (channel.isActive()) {
      channel.config().setOption(ChannelOption.SO_LINGER, 0);
      channel.unsafe().close(channel.newPromise());
    }
  }
}
