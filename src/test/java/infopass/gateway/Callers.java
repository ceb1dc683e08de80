package infopass.gateway;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Callers that write their own bytes, and that can leave. */
final class Callers {
  private Callers() {}

  /** Sends an init over a socket of its own, and reads nothing; closing it is leaving. */
  static Socket init(RunningGateway gateway, String correlationId, String moreHeaders, byte[] body)
      throws IOException {
    Socket socket = new Socket("127.0.0.1", gateway.port());
    socket.setSoTimeout(10_000);
    String head =
        "POST "
            + RunningGateway.INIT
            + " HTTP/1.1\r\nHost: gateway.example\r\nAuthorization: "
            + RunningGateway.basic("user", "pass")
            + "\r\nContent-Type: application/json\r\nX-Correlation-Id: "
            + correlationId
            + "\r\nContent-Length: "
            + body.length
            + "\r\n"
            + moreHeaders
            + "\r\n";
    socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().write(body);
    socket.getOutputStream().flush();
    return socket;
  }

  static Socket init(RunningGateway gateway, String correlationId) throws IOException {
    byte[] body = RunningGateway.SEED.getBytes(StandardCharsets.UTF_8);
    return init(gateway, correlationId, "", body);
  }
}
