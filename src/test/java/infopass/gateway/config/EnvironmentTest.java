package infopass.gateway.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnvironmentTest {
  private static final Map<String, String> ENVIRONMENT =
      Map.of(
          "A", "one", "_b2", "two", "EMPTY", "", "PORT", "8081", "LOOP", "${A}", "YAML", "[1, 2]",
          "NULL", "null", "LINES", "x\ny: z");

  private final Faults faults = new Faults();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "${A}             | one",
        "x${A}y${_b2}z    | xoneytwoz",
        "${A}${A}         | oneone",
        "${A:other}       | one",
        "${NONE:other}    | other",
        "${NONE:a:b}      | a:b",
        "${NONE:http://h} | http://h",
        "${NONE:}x        | x",
        "$${A}            | ${A}",
        "$${A} ${A}       | ${A} one",
        "$$               | $$",
        "$A               | $A",
        "a}b              | a}b",
        "${LOOP}          | ${A}",
        "${YAML}          | [1, 2]",
        "${NULL}          | null",
      })
  void replacesVariables(String written, String read) {
    assertEquals(read, root("key: " + written).text("key", "default"));
    assertEquals(read, root("{\"key\": \"" + written + "\"}").text("key", "default"));
    assertEquals(List.of(), faults.lines());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "${NONE}       | environment variable NONE is not set",
        "${A           | has a ${ without its }; write $${ for a literal one",
        "${}           | has a ${...} that names no environment variable; write $${ for a literal one",
        "${1A}         | has a ${...} that names no environment variable; write $${ for a literal one",
        "${A-B}        | has a ${...} that names no environment variable; write $${ for a literal one",
        "${NONE:${A}}  | has a ${...} inside the default of another",
      })
  void tellsWhyAVariableCannotBeReplaced(String written, String rule) {
    ConfigNode root = root("key: 1\nother:\n  - " + written + "\n");

    assertEquals(List.of("default"), root.texts("other", List.of("default")));

    assertEquals(List.of("c.yaml:3: other[0]: " + rule), faults.lines());
  }

  @Test
  void tellsEveryUnsetVariableOfAValueAndNothingElseAboutIt() {
    ConfigNode root = root("port: ${X}${Y}\n");

    root.integer("port", 1);

    assertEquals(
        List.of(
            "c.yaml:1: port: environment variable X is not set",
            "c.yaml:1: port: environment variable Y is not set"),
        faults.lines());
  }

  @Test
  void readsVariablesAsAnyType() {
    assertEquals(8081, root("port: ${PORT}").integer("port", 1));
    assertEquals(8081, root("{\"port\": \"${PORT:1}\"}").integer("port", 1));
    assertEquals(List.of(), faults.lines());
  }

  @Test
  void takesAnEmptyVariableForNotSetUnlessItIsQuoted() {
    assertEquals(1, root("key: ${EMPTY}").integer("key", 1));
    assertEquals(1, root("key: '${NONE:}'").integer("key", 1));
    assertEquals("default", root("key: ${NONE:}").text("key", "default"));
    assertEquals("", root("key: '${EMPTY}'").text("key", "default"));
    assertFalse(root("key: ${EMPTY:x}").has("key"));
    assertEquals(List.of(), faults.lines());
  }

  @Test
  void doesNotParseWhatTheEnvironmentHolds() {
    ConfigNode root = root("key: ${LINES}\nlist: ${YAML}\n");

    assertEquals("x\ny: z", root.text("key", ""));
    assertEquals(List.of("[1, 2]"), root.texts("list", null));
    root.finish();
    assertEquals(List.of(), faults.lines());
  }

  @Test
  void leavesKeysAlone() {
    ConfigNode root = root("\"${A}\": 1");

    assertEquals(1, root.integer("${A}", 0));
  }

  private ConfigNode root(String yaml) {
    return ConfigNode.root(ConfigSource.text("c.yaml", yaml), ENVIRONMENT, faults);
  }
}
