package infopass.gateway.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class YamlTextTest {
  private static final Duration BOUND = Duration.ofSeconds(20);

  private final Faults faults = new Faults();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'a: 1\nb: [1'              | 'c.yaml:2:6: expected '','' or '']'', but got <stream end>'",
        "'a: 1\na: 2'               | 'c.yaml:2: a: is given twice, first on line 1'",
        "'a: 1\n\"a\": 2\na: 3'     | 'c.yaml:2: a: is given twice, first on line 1'",
        "'b:\n  a: 1\n  a: 2'       | 'c.yaml:3: b.a: is given twice, first on line 2'",
        "'a: 1\n---\nb: 2'          | 'c.yaml:2:1: must hold one document only'",
        "'- a'                      | 'c.yaml:1: must be a section, was a list'",
        "'text'                     | 'c.yaml:1: must be a section, was a single value'",
        "'a: &x 1\nb: *x'           | 'c.yaml:2:4: aliases are not supported; quote a text that begins with *'",
        "'a: 1\n? [b]\n: c'         | 'c.yaml:2: must have single values as keys'",
        "'a: 1\nb: !x 1'            | 'c.yaml:2: b: tags are not supported; quote a text that begins with !'",
        "'a: b: c'                  | 'c.yaml:1:5: mapping values are not allowed here'",
        "'a: 1\n  b: 2'             | 'c.yaml:2:4: mapping values are not allowed here'",
      })
  void tellsWhereTheDocumentIsWrong(String yaml, String fault) {
    read(yaml.replace("\\n", "\n"));

    assertEquals(fault, faults.lines().get(0));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a: \u0000", "a: \u0007", "\uFFFE", "a: \uD800", "{", "}", "[", "]", "a: {", "a: [}", ":",
        "? ", "- - -", "%YAML 9.9\n---\na: 1", "%", "@", "`", "a: 'b", "a: \"\\q\"", "&", "*", "!",
        "!!", "!<", "|", ">", "a: |x", "\t", "a:\n\t- b", "<<: 1", "<<: {a: 1}", "\"\": 1", "...",
        "!!set {a}", "!!int x", "a: !!binary x", "---\n---\n---", "%TAG ! x\n---\n", "? {a: b}\n: c"
      })
  void neverThrowsForMalformedText(String yaml) {
    read(yaml);
  }

  @Test
  void doesNotExpandABillionLaughs() {
    StringBuilder yaml = new StringBuilder("a0: &a0 [lol, lol, lol]\n");
    for (int i = 1; i < 30; i++) {
      String before = "*a" + (i - 1);
      yaml.append("a" + i + ": &a" + i + " [" + before + ", " + before + ", " + before + "]\n");
    }

    assertTimeoutPreemptively(BOUND, () -> read(yaml.toString()));

    assertEquals(
        List.of("c.yaml:2:10: aliases are not supported; quote a text that begins with *"),
        faults.lines());
  }

  @ParameterizedTest
  @ValueSource(strings = {"[", "{a: ", "- ", "? ", "{\"a\":"})
  void refusesNestingThatIsTooDeep(String opening) {
    assertTimeoutPreemptively(BOUND, () -> read(opening.repeat(10_000)));

    assertTrue(
        faults.lines().get(0).endsWith("must not be nested deeper than 64 levels"),
        faults.toString());
  }

  @Test
  void refusesBlocksThatAreNestedTooDeep() {
    StringBuilder yaml = new StringBuilder();
    for (int depth = 0; depth < 1_000; depth++) {
      yaml.append(" ".repeat(depth)).append("a:\n");
    }

    assertTimeoutPreemptively(BOUND, () -> read(yaml.toString()));

    assertEquals("c.yaml:65:65: must not be nested deeper than 64 levels", faults.lines().get(0));
  }

  @Test
  void refusesTextThatIsTooLarge() {
    read("#".repeat((1 << 20) + 1));

    assertEquals(List.of("c.yaml: must not be larger than 1 MiB"), faults.lines());
  }

  @Test
  void survivesRandomGarbage() {
    String[] pieces = {
      "a",
      "b",
      ":",
      ": ",
      "\n",
      "  ",
      "\t",
      "-",
      "- ",
      "[",
      "]",
      "{",
      "}",
      ",",
      "\"",
      "'",
      "|",
      ">",
      "&x",
      "*x",
      "!",
      "!!str",
      "?",
      "? ",
      "#",
      "%",
      "%YAML 1.2\n",
      "---\n",
      "...\n",
      "${",
      "${A}",
      "${A:",
      "$$",
      "\\",
      "\\u",
      "~",
      "null",
      "1",
      "é",
      "\uD83D\uDE00",
      "\uD800",
      "\u0000",
      "\u0085",
      "\u2028",
      "\uFEFF",
      "\r",
      "<<",
      "@",
      "`",
      "="
    };
    Random random = new Random(20_260_101);
    for (int i = 0; i < 10_000; i++) {
      StringBuilder yaml = new StringBuilder();
      for (int length = random.nextInt(60); length > 0; length--) {
        boolean any = random.nextInt(10) == 0;
        yaml.append(
            any ? "" + (char) random.nextInt(65_536) : pieces[random.nextInt(pieces.length)]);
      }
      read(yaml.toString(), new Faults());
    }
  }

  private void read(String yaml) {
    read(yaml, faults);
  }

  private static void read(String yaml, Faults faults) {
    ConfigNode root =
        ConfigNode.root(ConfigSource.text("c.yaml", yaml), Map.of("A", "${A}"), faults);
    root.integer("a", 1);
    root.section("b").texts("a", null);
    root.sections("1").forEach(ConfigNode::finish);
    root.section("b").finish();
    root.finish();
    faults.lines();
  }
}
