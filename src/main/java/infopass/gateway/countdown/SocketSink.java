package infopass.gateway.countdown;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;

/** The same objects as text frames of a WebSocket. Belongs to one event loop. */
final class SocketSink implements Sink {
  private static final short NORMAL = 1000;
  private static final short SERVICE_RESTART = 1012;

  private final ServerWebSocket socket;
  private String last;

  SocketSink(ServerWebSocket socket) {
    this.socket = socket;
  }

  @Override
  public boolean full() {
    return socket.writeQueueFull();
  }

  /** An event that tells nothing new in its object is not repeated: frames have no names. */
  @Override
  public void send(String event, long id, String json) {
    if (!json.equals(last)) {
      last = json;
      socket.writeTextMessage(json);
    }
  }

  @Override
  public void beat() {
    socket.writePing(Buffer.buffer());
  }

  @Override
  public void end() {
    socket.close(NORMAL);
  }

  @Override
  public void goAway() {
    socket.close(SERVICE_RESTART, "try again");
  }

  @Override
  public void drop() {
    socket.close(SERVICE_RESTART);
  }
}
