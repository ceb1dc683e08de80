package infopass.gateway.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ConfigNodeTest {
  private enum RetryOn {
    SAFE,
    TRANSIENT,
    LINK_HOST
  }

  private record Pool(int size, Duration patience) {
    Pool {
      Rules.of("infopass.pool").atLeast("size", size, 1).positive("wait", patience).enforce();
    }
  }

  private record Caller(String id) {
    Caller {
      Rules.of("callers").notBlank("id", id).enforce();
    }
  }

  private final Faults faults = new Faults();

  @Test
  void readsEveryType() {
    // Given
    ConfigNode root =
        root(
            """
            text: some words
            number: -12
            size: 16KiB
            bytes: 16384
            ratio: 1.5e-1
            yes: true
            wait: 500ms
            never: 0
            hour: 1h
            at: https://infopass.in/x
            on: link-host
            enforce: [safe, TRANSIENT]
            hosts: [a, b]
            host: a
            callers: [{id: one}, {id: two}]
            """);

    // Then
    assertEquals("some words", root.text("text", ""));
    assertEquals(-12, root.integer("number", 1));
    assertEquals(16384, root.size("size", 1));
    assertEquals(16384, root.size("bytes", 1));
    assertEquals(0.15, root.decimal("ratio", 1));
    assertTrue(root.flag("yes", false));
    assertEquals(Duration.ofMillis(500), root.duration("wait", null));
    assertEquals(Duration.ZERO, root.duration("never", null));
    assertEquals(Duration.ofHours(1), root.duration("hour", null));
    assertEquals(URI.create("https://infopass.in/x"), root.uri("at", null));
    assertEquals(RetryOn.LINK_HOST, root.choice("on", RetryOn.class, null));
    assertEquals(
        Set.of(RetryOn.SAFE, RetryOn.TRANSIENT), root.choices("enforce", RetryOn.class, null));
    assertEquals(List.of("a", "b"), root.texts("hosts", null));
    assertEquals(List.of("a"), root.texts("host", null));
    assertEquals("two", root.sections("callers").get(1).text("id", ""));
    assertEquals("callers[1]", root.sections("callers").get(1).path());
    root.finish();
    assertNoFaults();
  }

  @Test
  void givesTheDefaultWhereNothingIsSet() {
    // Given
    ConfigNode root = root("a:\nb: null\nc: ~\nd: ''\n");

    // Then
    assertEquals(1, root.integer("a", 1));
    assertEquals("x", root.text("b", "x"));
    assertNull(root.uri("c", null));
    assertEquals(Duration.ofSeconds(2), root.duration("d", Duration.ofSeconds(2)));
    assertEquals("", root.text("d", "x"));
    assertEquals(List.of("y"), root.texts("missing", List.of("y")));
    assertEquals(List.of(), root.sections("missing"));
    assertEquals("missing.deep", root.section("missing").section("deep").path());
    assertFalse(root.has("a"));
    assertTrue(root.has("d"));
    root.finish();
    assertNoFaults();
  }

  @Test
  void givesAllDefaultsForAnEmptyDocument() {
    for (String yaml : List.of("", "\n", "# nothing\n", "---\n", "null", "~", "{}", "\uFEFF")) {
      ConfigNode root = root(yaml);
      assertEquals(7, root.section("a").integer("b", 7));
      root.finish();
      assertNoFaults();
    }
    assertEquals(7, ConfigNode.empty(faults).integer("b", 7));
  }

  @Test
  void leavesTheWordsOfYamlOneDotOneAlone() {
    ConfigNode root = root("on: off\nyes: no\ntime: 12:30:00\n");

    assertEquals("off", root.text("on", ""));
    assertEquals("no", root.text("yes", ""));
    assertEquals("12:30:00", root.text("time", ""));
  }

  @Test
  void acceptsJson() {
    ConfigNode root = root("{\n\t\"http\": {\"port\": 8081, \"a\\/b\": \"\\u00e9\\n\"}\n}\n");

    assertEquals(8081, root.section("http").integer("port", 1));
    assertEquals("é\n", root.section("http").text("a/b", ""));
    assertNoFaults();
  }

  @Test
  void tellsEveryFaultTogetherInTheOrderOfTheLines() {
    // Given
    ConfigNode root =
        root(
            """
            infopass:
              baseUrl: localhost:8080
              pool: {size: 0, wait: 0}
              retry:
                on: sometimes
                ratio: NaN
              tls: none
            http:
              port: "80a"
              maxBodyBytes: 16KB
              prot: 1
              instances: 99999999999
              enabled: yes
              idle: 10
            http2: [1]
            callers:
              - id: ''
              - 5
            hosts: [a, null]
            """);

    // When
    root.finish();
    faults.lines(); // Reading them early does no harm.
    ConfigNode http = root.section("http");
    http.integer("port", 1);
    http.size("maxBodyBytes", 1);
    http.integer("instances", 1);
    http.flag("enabled", false);
    http.duration("idle", null);
    http.finish();
    ConfigNode infopass = root.section("infopass");
    infopass.uri("baseUrl", null);
    ConfigNode pool = infopass.section("pool");
    assertNull(
        pool.build(
            () -> new Pool(pool.integer("size", 1), pool.duration("wait", Duration.ZERO)), null));
    infopass.section("retry").choice("on", RetryOn.class, null);
    infopass.section("retry").decimal("ratio", 1);
    infopass.section("tls");
    root.sections("callers").forEach(at -> at.build(() -> new Caller(at.text("id", "")), null));
    root.texts("hosts", null);
    root.text("http2", "");

    // Then
    assertEquals(
        List.of(
            "c.yaml:1: infopass: unknown key",
            "c.yaml:2: infopass.baseUrl: must be an absolute URI such as https://example.com,"
                + " was \"localhost:8080\"",
            "c.yaml:3: infopass.pool.size: must be at least 1, was 0",
            "c.yaml:3: infopass.pool.wait: must be longer than 0, was 0s",
            "c.yaml:5: infopass.retry.on: must be one of safe, transient, link-host,"
                + " was \"sometimes\"",
            "c.yaml:6: infopass.retry.ratio: must be a number, was \"NaN\"",
            "c.yaml:7: infopass.tls: must be a section, was a single value",
            "c.yaml:8: http: unknown key",
            "c.yaml:9: http.port: must be a whole number, was \"80a\"",
            "c.yaml:10: http.maxBodyBytes: must be a size such as 512B, 16KiB or 1MiB,"
                + " was \"16KB\"",
            "c.yaml:11: http.prot: unknown key, did you mean \"port\"?",
            "c.yaml:12: http.instances: must be a whole number between -2147483648 and"
                + " 2147483647, was \"99999999999\"",
            "c.yaml:13: http.enabled: must be true or false, was \"yes\"",
            "c.yaml:14: http.idle: must be a duration such as 500ms, 10s, 5m or 1h, was \"10\"",
            "c.yaml:15: http2: unknown key",
            "c.yaml:15: http2: must be a single value, was a list",
            "c.yaml:16: callers: unknown key",
            "c.yaml:17: callers[0].id: must not be empty",
            "c.yaml:18: callers[1]: must be a section, was a single value",
            "c.yaml:19: hosts: unknown key",
            "c.yaml:19: hosts[1]: must not be empty",
            "callers[1].id: must not be empty"),
        faults.lines());
    ConfigException thrown = assertThrows(ConfigException.class, faults::throwIfAny);
    assertEquals(faults.lines(), thrown.faults());
    assertEquals(String.join("\n", faults.lines()), thrown.getMessage());
  }

  @Test
  void suggestsTheKeyThatWasProbablyMeant() {
    Map<String, String> suggestions =
        Map.of("maxEntires", "maxEntries", "MAXENTRIES", "maxEntries", "prt", "port");
    suggestions.forEach(
        (typed, meant) -> {
          Faults own = new Faults();
          ConfigNode root = ConfigNode.root(source(typed + ": 1"), Map.of(), own);
          root.integer("maxEntries", 1);
          root.integer("port", 1);
          root.finish();
          assertEquals(
              List.of("c.yaml:1: " + typed + ": unknown key, did you mean \"" + meant + "\"?"),
              own.lines());
        });

    ConfigNode root = root("xy: 1");
    root.integer("port", 1);
    root.finish();
    assertEquals(List.of("c.yaml:1: xy: unknown key"), faults.lines());
  }

  @Test
  void tellsAnUnreadSectionByItsTopKeyOnly() {
    ConfigNode root = root("a:\n  b:\n    c: 1\n");

    root.finish();

    assertEquals(List.of("c.yaml:1: a: unknown key"), faults.lines());
  }

  @Test
  void givesTheSameSectionEachTime() {
    ConfigNode root = root("a: {b: 1}\nl: [{c: 1}]");

    root.section("a").integer("b", 1);
    root.section("a").finish();
    assertSame(root.sections("l").get(0), root.sections("l").get(0));
    assertNoFaults();
  }

  @Test
  void tellsNoRuleThatTheDefaultOfAnUnreadableValueBreaks() {
    ConfigNode root = root("infopass: {pool: {size: x}}");
    ConfigNode pool = root.section("infopass").section("pool");

    pool.build(() -> new Pool(pool.integer("size", 0), Duration.ofSeconds(1)), null);

    assertEquals(
        List.of("c.yaml:1: infopass.pool.size: must be a whole number, was \"x\""), faults.lines());
  }

  @Test
  void forgivesTheWholeThatBreaksOverItsFaultyPart() {
    ConfigNode root = root("infopass: {pool: {size: 0}}");
    ConfigNode pool = root.section("infopass").section("pool");
    Pool none = pool.build(() -> new Pool(pool.integer("size", 1), Duration.ofSeconds(1)), null);

    assertNull(root.build(() -> none.patience.toString(), null));

    assertEquals(1, faults.lines().size());
  }

  @Test
  void doesNotHideABugWhereTheConfigurationIsSound() {
    ConfigNode root = root("");

    assertThrows(
        IllegalStateException.class,
        () ->
            root.build(
                () -> {
                  throw new IllegalStateException("a bug");
                },
                null));
  }

  @Test
  void turnsAnyOverflowIntoAFault() {
    String digits = "9".repeat(400);
    ConfigNode root =
        root("i: -2147483649\ns: 9007199254740992GiB\nd: " + digits + "e9\nw: 999999999999h\n");

    root.integer("i", 1);
    root.size("s", 1);
    root.decimal("d", 1);
    root.duration("w", null);
    root.integer("d", 1);
    root.size("d", 1);

    assertEquals(6, faults.lines().size());
    assertTrue(
        faults.lines().get(1).endsWith("is too large for a size, was \"9007199254740992GiB\""));
    assertTrue(faults.lines().get(2).endsWith("was \"" + "9".repeat(60) + "...\""));
  }

  @Test
  void keepsAFaultOnOneLineWhateverTheValue() {
    ConfigNode root = root("port: \"1\\n\\e[2J\\u202e\\\"\"\n\"a\\nb\": 1\n");

    root.integer("port", 1);
    root.finish();

    assertEquals(
        List.of(
            "c.yaml:1: port: must be a whole number, was \"1\\n\\u001b[2J\\u202e\\\"\"",
            "c.yaml:2: a\\nb: unknown key"),
        faults.lines());
  }

  private ConfigNode root(String yaml) {
    return ConfigNode.root(source(yaml), Map.of(), faults);
  }

  private static ConfigSource source(String yaml) {
    return ConfigSource.text("c.yaml", yaml);
  }

  private void assertNoFaults() {
    assertEquals(List.of(), faults.lines());
  }
}
