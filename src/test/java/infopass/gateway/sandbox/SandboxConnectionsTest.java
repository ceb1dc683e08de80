package infopass.gateway.sandbox;

import static infopass.gateway.sandbox.Caller.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the sandbox does to connections, seen from a bare socket. */
@ExtendWith(VertxExtension.class)
@Timeout(20)
class SandboxConnectionsTest {

  /** Kept in a field: one that is collected as garbage lingers for 30 s. */
  private NetClient client;

  private Sandbox sandbox;

  @BeforeEach
  void start(Vertx vertx) {
    client = vertx.createNetClient();
    sandbox = await(new Sandbox(vertx, SandboxOptions.defaults()).start());
  }

  @AfterEach
  void stop() {
    await(client.close());
    await(sandbox.stop());
  }

  /** A connection on which one request was sent, with all that came back. */
  private static final class Wire {
    private final Buffer received = Buffer.buffer();
    private final Promise<Void> closed = Promise.promise();
    private final Promise<Void> complete = Promise.promise();
    private NetSocket socket;
    private Throwable failure;
    private int chunks;

    private Wire on(NetSocket socket) {
      this.socket = socket;
      socket.handler(this::take);
      socket.exceptionHandler(cause -> failure = cause);
      socket.closeHandler(gone -> closed.tryComplete());
      return this;
    }

    private void take(Buffer chunk) {
      chunks++;
      received.appendBuffer(chunk);
      if (received.toString().endsWith("}}")) {
        complete.tryComplete();
      }
    }
  }

  private Wire send(String name) {
    String body = Caller.body(name);
    String request =
        "POST /api/v1/in/digilocker/init HTTP/1.1\r\nHost: sandbox\r\nAuthorization: "
            + Caller.AUTHORIZATION
            + "\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n"
            + body;
    Future<Wire> wire =
        client
            .connect(sandbox.port(), "127.0.0.1")
            .map(socket -> new Wire().on(socket))
            .compose(sending -> sending.socket.write(request).map(sending));
    return await(wire);
  }

  @Test
  void resetEndsTheConnectionBeforeAnyByte() {
    Wire wire = send("Reset");

    await(wire.closed.future());

    assertEquals(0, wire.received.length());
    assertInstanceOf(IOException.class, wire.failure);
    assertEquals("reset", sandbox.journal().entries().get(0).answer());
  }

  @Test
  void resetAfterEndsTheConnectionInTheMiddleOfTheBody() {
    Wire wire = send("ResetAfter");

    await(wire.closed.future());

    String received = wire.received.toString();
    assertTrue(received.startsWith("HTTP/1.1 200 OK\r\n"), received);
    assertTrue(received.contains("\r\n\r\n{\"code\":\"0x0200\""), received);
    assertFalse(received.endsWith("}}"), received);
    assertNotNull(wire.failure);
    assertEquals("reset-after", sandbox.journal().entries().get(0).answer());
  }

  @Test
  void flakyCanMeanResets() {
    await(send("Flaky 1 reset").closed.future());

    await(send("Flaky 1 reset").complete.future());

    assertEquals(
        "[reset, 200]",
        sandbox.journal().entries().stream().map(Journal.Entry::answer).toList().toString());
  }

  @Test
  void hangAnswersNothingUntilTheSandboxStops() {
    Wire wire = send("Hang");
    await(send("Test Kumar").complete.future());
    await(send("Slow 50").complete.future());

    assertEquals(0, wire.received.length());
    assertFalse(wire.closed.future().isComplete());
    await(sandbox.stop());
    await(wire.closed.future());
    assertEquals(0, wire.received.length());
  }

  @Test
  void dripSendsAByteAtATime() {
    Wire wire = send("Drip 2");

    await(wire.complete.future());

    assertTrue(wire.chunks > 100, wire.chunks + " chunks");
    assertFalse(wire.closed.future().isComplete());
  }

  @Test
  void aClientThatLeavesDoesNotDisturbTheOthers() {
    for (String name : new String[] {"Drip 1", "Slow 20", "Hang", "ResetAfter"}) {
      await(send(name).socket.close());
    }

    await(send("Slow 60").complete.future());
    await(send("Drip 1").complete.future());
  }
}
