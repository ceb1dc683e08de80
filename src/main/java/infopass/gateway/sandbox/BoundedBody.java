package infopass.gateway.sandbox;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.Consumer;

/** Collects one request's body, up to a limit. A request that breaks off is forgotten. */
final class BoundedBody {

  private static final byte[] EMPTY = {};

  private final int limitBytes;
  private final Consumer<byte[]> whole;
  private final Runnable tooLarge;
  private Buffer body;
  private boolean copied;
  private boolean refused;

  private BoundedBody(int limitBytes, Consumer<byte[]> whole, Runnable tooLarge) {
    this.limitBytes = limitBytes;
    this.whole = whole;
    this.tooLarge = tooLarge;
  }

  /** Calls one of the two, once, on the event loop of the request, or neither if it breaks off. */
  static void collect(
      HttpServerRequest request, int limitBytes, Consumer<byte[]> whole, Runnable tooLarge) {
    BoundedBody body = new BoundedBody(limitBytes, whole, tooLarge);
    request.handler(body::take).endHandler(end -> body.end());
  }

  private void take(Buffer chunk) {
    if (refused) {
      return;
    }
    int size = chunk.length() + (body == null ? 0 : body.length());
    if (size > limitBytes) {
      refused = true;
      body = null;
      tooLarge.run();
    } else if (body == null) {
      body = chunk;
    } else {
      append(chunk);
    }
  }

  /** The usual body is a single chunk, which need not be copied for this. */
  private void append(Buffer chunk) {
    if (!copied) {
      copied = true;
      body = body.copy();
    }
    body.appendBuffer(chunk);
  }

  private void end() {
    if (!refused) {
      whole.accept(body == null ? EMPTY : body.getBytes());
    }
  }
}
