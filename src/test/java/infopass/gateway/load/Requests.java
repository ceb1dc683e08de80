package infopass.gateway.load;

import infopass.gateway.RunningGateway;
import java.nio.charset.StandardCharsets;

/** The request that is sent over and over. */
final class Requests {
  private static final String BODY =
      "{\"name\":\"Test Kumar\",\"email\":\"test.kumar@example.in\",\"mobile\":\"9650000986\","
          + "\"redirectUrl\":\"https://infopass.in\",\"state\":\"Uttar Pradesh\"}";

  private Requests() {}

  static byte[] init() {
    String head =
        "POST "
            + RunningGateway.INIT
            + " HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: "
            + RunningGateway.basic("user", "pass")
            + "\r\nContent-Type: application/json\r\nContent-Length: "
            + BODY.length()
            + "\r\n\r\n";
    return (head + BODY).getBytes(StandardCharsets.US_ASCII);
  }
}
