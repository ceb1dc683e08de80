package infopass.gateway.http;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestGuardTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "localhost:8080",
        "LOCALHOST",
        "a.b-c_d.in",
        "127.0.0.1:1",
        "[::1]",
        "[::1]:80",
        "[2001:db8::1]",
        "infopass.in.",
        "localhost:"
      })
  void takesHosts(String host) {
    assertTrue(RequestGuard.validHost(host));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":",
        ":80",
        "a b",
        "a,b",
        "localhost%00",
        "a%20b",
        "a/b",
        "a\\b",
        "a?b",
        "a#b",
        "u@a",
        "a:b",
        "a:-1",
        "a:999999",
        "a:80:80",
        "::1",
        "[::1",
        "::1]",
        "[::1]x",
        "[::1]:x",
        "a\tb",
        "a\0b",
        "\u00e9",
        "a;b",
        "a'b",
        "a\"b",
        "<a>",
        "*",
        "a!"
      })
  void refusesWhatIsNoHost(String host) {
    assertFalse(RequestGuard.validHost(host));
  }
}
