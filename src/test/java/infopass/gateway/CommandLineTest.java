package infopass.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
        "--conf", "--sandbox", "--check", "--version", "sandbox", "train", "0 ", "1 ", "2 "
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
