package infopass.gateway.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretTest {
  private static final String SECRET = "hunter2";

  private record Partner(Secret password) {
    Partner {
      Rules.of("infopass")
          .check(password.reveal().length() > 99, "password", "is too short", password)
          .check(password.reveal().length() > 98, "password", "is short", password.reveal())
          .enforce();
    }
  }

  private final Faults faults = new Faults();

  @Test
  void isEqualByItsValueAndTellsNothing() {
    assertEquals(Secret.of(SECRET), Secret.of(SECRET));
    assertNotEquals(Secret.of(SECRET), Secret.of("hunter3"));
    assertEquals(Secret.of("a").hashCode(), Secret.of("b").hashCode());
    assertEquals("***", Secret.of(SECRET).toString());
    assertEquals(SECRET, Secret.of(SECRET).reveal());
    assertTrue(Secret.of("").isEmpty());
  }

  @Test
  void isNotShownByTheRulesOfItsRecord() {
    ConfigNode node = root("infopass:\n  password: " + SECRET).section("infopass");

    node.build(() -> new Partner(node.secret("password", Secret.of(""))), null);
    faults.add("infopass.password", "is bad", SECRET);

    assertEquals(
        List.of(
            "c.yaml:2: infopass.password: is too short",
            "c.yaml:2: infopass.password: is short",
            "c.yaml:2: infopass.password: is bad"),
        faults.lines());
    assertFalse((node + "" + faults).contains(SECRET));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "password: [hunter2]",
        "password: {hunter2: hunter2}",
        "password: !hunter2",
        "password: !hunter2 x",
        "password: !hunter2!x y",
        "password: *hunter2",
        "password: ${hunter2!",
        "password: ${!hunter2}",
        "password: \"hunter2",
        "password: 'hunter2",
        "password: @hunter2",
        "password: `hunter2`",
        "password: %hunter2",
        "password: hunter2: x",
        "password: \"\\xhunter2\"",
        "password: |hunter2",
        "password: hunter2\npassword: hunter2",
        "password:\n\thunter2",
        "password: hunter2\n  hunter2: x",
        "keys: [hunter2, {a: hunter2}]",
        "keys: {a: hunter2}",
        "hunter2",
        "- hunter2",
      })
  void isNotShownByAFaultOfItsFile(String yaml) {
    ConfigNode root = root("first: 1\n".repeat(yaml.contains(":") ? 1 : 0) + yaml);

    root.integer("first", 1);
    root.secret("password", null);
    root.secrets("keys", null);
    root.finish();

    assertFalse(faults.isEmpty());
    assertFalse((faults + "" + root).contains("hunter"), faults.toString());
  }

  @Test
  void isReadFromListsToo() {
    ConfigNode root = root("keys: [a, '${K}']");

    assertEquals(List.of(Secret.of("a"), Secret.of(SECRET)), root.secrets("keys", List.of()));
    faults.add("keys[1]", "is too short", SECRET);

    assertEquals(List.of("c.yaml:1: keys[1]: is too short"), faults.lines());
  }

  @Test
  void isNotShownAsTheUserInfoOfAUri() {
    String longOne = "https://user:" + "hunter2".repeat(20) + "@";
    ConfigNode root = root("a: 'https://user:hunter2@ho st/'\nb: '" + longOne + " x'\n");

    root.uri("a", null);
    root.uri("b", null);
    Rules rules =
        Rules.of("").check(false, "c", "is bad", URI.create("https://user:hunter2@host/"));
    String thrown = assertThrows(ConfigException.class, rules::enforce).getMessage();

    assertEquals("c: is bad, was https://***@host/", thrown);
    assertFalse(faults.toString().contains("hunter"), faults.toString());
  }

  private ConfigNode root(String yaml) {
    return ConfigNode.root(ConfigSource.text("c.yaml", yaml), Map.of("K", SECRET), faults);
  }
}
