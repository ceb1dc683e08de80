package infopass.gateway.countdown;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;

/** The same objects as text frames of a WebSocket. Belongs to one event loop. */
final class SocketSink implements Sink {
  private static final short NORMAL = 1000;
  private static final short SERVICE_RESTART = 1012;

  /** How long a peer may take to read and answer a close. */
  private static final long CLOSE_MILLIS = 5_000;

  private final Vertx vertx;
  private final ServerWebSocket socket;
  private final Runnable cut;
  private String last;

  /**
   * @param cut ends the connection at once
   */
  SocketSink(Vertx vertx, ServerWebSocket socket, Runnable cut) {
    this.vertx = vertx;
    this.socket = socket;
    this.cut = cut;
  }

  @Override
  public boolean full() {
    return !socket.isClosed() && socket.writeQueueFull();
  }

  /** An event that tells nothing new in its object is not repeated: frames have no names. */
  @Override
  public void send(String event, long id, String json) {
    if (!json.equals(last) && !socket.isClosed()) {
      last = json;
      socket.writeTextMessage(json);
    }
  }

  @Override
  public void beat() {
    if (!socket.isClosed()) {
      socket.writePing(Buffer.buffer());
    }
  }

  @Override
  public void end() {
    close(NORMAL, null);
  }

  @Override
  public void goAway() {
    close(SERVICE_RESTART, "try again");
  }

  @Override
  public void drop() {
    cut.run();
  }

  /** The close waits to be written: for a peer that does not read, only so long. */
  private void close(short code, String reason) {
    vertx.setTimer(CLOSE_MILLIS, late -> cut.run());
    if (!socket.isClosed()) {
      socket.close(code, reason);
    }
  }
}
