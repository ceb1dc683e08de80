package infopass.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which names the management port answers to: none that another site can point at it. */
@Timeout(60)
class ManagementHostsIT {
  private static RunningGateway gateway;

  @BeforeAll
  static void start() {
    gateway =
        RunningGateway.start(
            "management: {host: 127.0.0.1, port: 0, hosts: [Metrics.Example, 'a.in, b.in', '']}");
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  private static int status(String head) {
    try (RawHttp connection = RawHttp.toManagement(gateway.managementPort())) {
      return connection.send(head).answer().status();
    }
  }

  private static int statusFor(String host) {
    return status("GET /health/live HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "127.0.0.1:9090",
        "10.1.2.3:80",
        "[::1]",
        "[fe80::1]:9090",
        "localhost",
        "LOCALHOST:1",
        "localhost.",
        "metrics.example:9090",
        "a.in",
        "b.in:9"
      })
  void isAnsweredFor(String host) {
    assertEquals(200, statusFor(host));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "evil.example:9090",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "x.metrics.example",
        "127.1",
        "2130706433",
        "a.in.b.in"
      })
  void isNotAnsweredFor(String host) {
    assertEquals(400, statusFor(host));
  }

  @Test
  void aWholeUrlAsTargetIsLookedAtToo() {
    String head = "GET http://%s/metrics HTTP/1.1\r\nHost: %s\r\n\r\n";
    assertEquals(200, status(head.formatted("localhost", "localhost")));
    assertEquals(400, status(head.formatted("evil.example", "localhost")));
    assertEquals(400, status(head.formatted("localhost", "evil.example")));
  }
}
