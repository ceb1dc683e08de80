package infopass.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What ends before anything is started, in this process. */
class CommandLineTest {
  @TempDir private Path folder;

  private record Ended(int code, String out, String err) {}

  @Test
  void theVersionIsTold() {
    for (String[] arguments : new String[][] {{"--version"}, {"sandbox", "--version"}}) {
      Ended ended = run(arguments);
      assertEquals(0, ended.code());
      assertTrue(ended.out().startsWith("infopass-gateway "), ended.out());
    }
  }

  @Test
  void helpTellsEveryOptionAndExitCode() {
    for (String option : new String[] {"--help", "-h"}) {
      Ended ended = run(option);
      assertEquals(0, ended.code());
      String[] words = {
        "--conf",
        "--sandbox",
        "--check",
        "--strict",
        "--version",
        "sandbox",
        "train",
        "0 ",
        "1 ",
        "2 "
      };
      for (String word : words) {
        assertTrue(ended.out().contains(word), word + " is missing from\n" + ended.out());
      }
    }
  }

  @Test
  void helpOfTheSandboxTellsItsOptions() {
    Ended ended = run("sandbox", "--help");
    assertEquals(0, ended.code());
    String[] words = {
      "--port", "--host", "--latency", "--quota", "--fail-rate", "--journal-bodies"
    };
    for (String word : words) {
      assertTrue(ended.out().contains(word), word + " is missing from\n" + ended.out());
    }
  }

  @Test
  void badUsageIsTwo() {
    String[][] all = {
      {"--sandbxo"},
      {"--conf"},
      {"start"},
      {"sandbox", "--port", "http"},
      {"sandbox", "--port", "65536"},
      {"sandbox", "--quota", "many"},
      {"sandbox", "--latency", "-1s"},
      {"sandbox", "--fail-rate", "2"},
      {"--check", "sandbox", "--port", "0"},
      {"--sandbox", "sandbox", "--port", "0"},
      {"--conf", "conf/gateway.yaml", "train"}
    };
    for (String[] arguments : all) {
      Ended ended = run(arguments);
      assertEquals(2, ended.code(), String.join(" ", arguments));
      assertFalse(ended.err().isBlank());
      assertEquals("", ended.out());
    }
  }

  @Test
  void aGoodConfigurationIsZero() throws IOException {
    Ended ended = run("--check", "--conf", file("http: {port: 0}"));
    assertEquals(new Ended(0, "configuration: no faults\n", ""), ended);
    assertEquals(0, run("--check", "--sandbox", "--conf", file("")).code());
    assertEquals(0, run("--check").code(), "conf/gateway.yaml of the working directory");
  }

  @Test
  void aBadConfigurationIsTwoWithEveryFault() throws IOException {
    // When
    String conf = file("http:\n  port: 70000\nmanagement: {port: -1}\nsurprise: 1\n");
    Ended ended = run("--check", "--conf", conf);

    // Then
    assertEquals(
        new Ended(
            2,
            "",
            conf
                + ":2: http.port: must be between 0 and 65535, was 70000\n"
                + conf
                + ":3: management.port: must be between 0 and 65535, was -1\n"
                + conf
                + ":4: surprise: unknown key\n"
                + "configuration: 3 fault(s); nothing was started\n"),
        ended);
  }

  @Test
  void withoutCheckABadConfigurationStartsNothing() throws IOException {
    assertEquals(2, run("--conf", file("http: {port: 70000}")).code());
    assertEquals(2, run("--sandbox", "--conf", file("http: {port: 70000}")).code());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "http: {port: 8080} management: {host: 0.0.0.0, port: 8080} | management.port",
        "http: {host: localhost, port: 81} management: {host: 127.0.0.1, port: 81} | management.port",
        "http: {host: '::', port: 81} management: {host: localhost, port: 81} | management.port",
        "http: {host: '[::1]', port: 81} management: {host: '0:0:0:0:0:0:0:1', port: 81} | management.port",
        "http: {allowedOrigins: ['https://a.in/']} | http.allowedOrigins",
        "http: {allowedOrigins: ['https://a.in/x']} | http.allowedOrigins",
        "http: {allowedOrigins: [a.in]} | http.allowedOrigins",
        "infopass: {baseUrl: 'https://a.in/api/v1/in/digilocker/init'} | infopass.baseUrl",
        "infopass: {quota: {requests: 1, per: 876000h}} | infopass.quota.per",
        "infopass: {timeouts: {overall: 25h}} | infopass.timeouts.overall",
        "infopass: {timeouts: {attempt: 25h}} | infopass.timeouts.attempt",
        "infopass: {timeouts: {connect: 25h}} | infopass.timeouts.connect",
        "infopass: {retry: {backoff: {max: 25h}}} | infopass.retry.backoff.max",
        "infopass: {circuitBreaker: {window: 25h}} | infopass.circuitBreaker.window",
        "infopass: {circuitBreaker: {openFor: 25h}} | infopass.circuitBreaker.openFor",
        "shutdown: {grace: 25h} | shutdown.grace",
        "shutdown: {drainDelay: 25h} | shutdown.drainDelay",
        "infopass: {username: a, password: \"a\\tb\"} | infopass.password",
        "infopass: {username: \"a\\tb\", password: a} | infopass.username",
        "countdown: {signingKeys: [change-me-openssl-rand-base64-48]} | countdown.signingKeys",
        "countdown: {signingKeys: [\"0123456789abcdef\\n0123456789abcdef\"]} | countdown.signingKeys",
        "infopass: {username: a, password: change-me} | infopass.password",
        "init: {redirectSchemes: [javascript]} | init.redirectSchemes",
        "token: {enforce: [token-format]} | token.enforce",
      })
  void whatCannotWorkIsAFault(String settings, String key) throws IOException {
    Ended ended = check(settings);
    assertEquals(2, ended.code(), ended.out() + ended.err());
    assertTrue(ended.err().contains(key), ended.err());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "countdown: {signingKeys: [short]} | countdown.signingKeys",
        "infopass: {username: a, password: ''} | infopass.password",
        "auth: {callers: [{id: a, secretSha256: [DIGEST]}]} | auth.callers",
        "infopass: {timeouts: {attempt: 30s}} | infopass.timeouts.attempt",
        "infopass: {timeouts: {connect: 11s}} | infopass.timeouts.connect",
        "infopass: {circuitBreaker: {slowCallDuration: 11s}} | infopass.circuitBreaker.slowCall",
        "http: {publicUrl: 'https://a.in/path'} | http.publicUrl",
        "infopass: {baseUrl: 'http://partner.in'} | infopass.baseUrl",
        "tracing: {otlpEndpoint: 'http://collector:4317'} | tracing.otlpEndpoint",
      })
  void whatHardlyWorksIsAWarningAndAFaultWhereThatIsAskedFor(String settings, String key)
      throws IOException {
    String yaml = settings.replace("DIGEST", "0".repeat(64));
    Ended ended = check(yaml);
    assertEquals(0, ended.code(), ended.err());
    assertTrue(ended.err().startsWith("warning: " + key), ended.err());
    assertEquals("configuration: no faults, 1 warning(s)\n", ended.out());
    assertEquals(2, check(yaml, "--strict").code());
  }

  @Test
  void moreConnectionsThanTheHeapHasRoomForIsAWarning() {
    GatewayConfig config = RunningGateway.config("http: {maxConnections: 10000}");
    assertTrue(ConfigWarnings.ofHeap(config, 512L << 20).isEmpty());
    assertTrue(
        ConfigWarnings.ofHeap(config, 256L << 20).orElseThrow().startsWith("http.maxConnections"));
  }

  @Test
  void theDeliveredConfigurationHasNeitherFaultsNorWarnings() {
    Ended ended = run("--check", "--strict", "--conf", "conf/gateway.yaml");
    assertEquals(0, ended.code(), ended.err());
    assertEquals("", ended.err());
    assertEquals(2, run("--strict").code());
  }

  /** Sections stand on one line there, a space between. */
  private Ended check(String settings, String... more) throws IOException {
    Path file = folder.resolve("checked.yaml");
    Files.writeString(file, settings.replaceAll("} (?=management:)", "}\n"));
    List<String> arguments = new ArrayList<>(List.of("--check", "--conf", file.toString()));
    arguments.addAll(List.of(more));
    return run(arguments.toArray(String[]::new));
  }

  @Test
  void aMissingFileIsTwo() {
    String missing = folder.resolve("missing.yaml").toString();
    Ended ended = run("--conf", missing);
    assertEquals(2, ended.code());
    assertTrue(ended.err().startsWith(missing + ": no such file\n"), ended.err());
  }

  private String file(String yaml) throws IOException {
    return Files.writeString(folder.resolve("conf.yaml"), yaml).toString();
  }

  private static Ended run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        Main.commandLine(new Process())
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute(arguments);
    return new Ended(code, text(out), text(err));
  }

  private static String text(StringWriter writer) {
    return writer.toString().replace(System.lineSeparator(), "\n");
  }
}
