package infopass.gateway.countdown;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;

/** Server-sent events (WHATWG HTML, section 9.2). Belongs to one event loop. */
final class SseSink implements Sink {
  /** How long a browser waits before it reconnects, in milliseconds. */
  private static final int RETRY_MILLIS = 2_000;

  /** The same after a drain: another instance should be there at once. */
  private static final int RETRY_AFTER_DRAIN_MILLIS = 500;

  private static final Buffer BEAT = Buffer.buffer(":\n\n");

  private final HttpServerResponse response;
  private boolean begun;

  SseSink(HttpServerResponse response) {
    this.response = response;
  }

  @Override
  public boolean full() {
    return response.writeQueueFull();
  }

  @Override
  public void send(String event, long id, String json) {
    String retry = begun ? "" : "retry: " + RETRY_MILLIS + '\n';
    begun = true;
    response.write(
        Buffer.buffer(retry + "event: " + event + "\nid: " + id + "\ndata: " + json + "\n\n"));
  }

  @Override
  public void beat() {
    response.write(BEAT);
  }

  @Override
  public void end() {
    response.end();
  }

  @Override
  public void goAway() {
    response.end(Buffer.buffer("retry: " + RETRY_AFTER_DRAIN_MILLIS + "\n\n"));
  }

  @Override
  public void drop() {
    response.reset();
  }
}
