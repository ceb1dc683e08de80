package infopass.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The reference for people and the file that is delivered say the same. */
class ConfigurationReferenceTest {
  private static final Path TABLE = Path.of("src/docs/configuration.md");
  private static final Path FILE = Path.of("conf/gateway.yaml");
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{(\\w+):(.*)}");

  /** What both tell of a key; the default is "none" where there is no value. */
  private record Setting(String key, String defaultValue, String environment) {}

  @Test
  void theTableHasEveryKeyOfTheFileInItsOrderWithItsDefaultAndVariable() throws IOException {
    List<Setting> file = new ArrayList<>();
    Object yaml = new Load(LoadSettings.builder().build()).loadFromString(Files.readString(FILE));
    collect("", (Map<?, ?>) yaml, file);
    Map<String, Setting> table = new LinkedHashMap<>();
    rows().forEach(row -> table.put(row.key(), row));
    assertEquals(
        file.stream().map(Setting::key).toList(), List.copyOf(table.keySet()), "keys of " + TABLE);
    for (Setting setting : file) {
      assertEquals(setting, table.get(setting.key()));
    }
  }

  private static List<Setting> rows() throws IOException {
    List<Setting> rows = new ArrayList<>();
    for (String line : Files.readAllLines(TABLE)) {
      if (line.startsWith("| `")) {
        String[] cells = line.split("\\|");
        assertEquals(6, cells.length, line);
        assertFalse(cells[2].isBlank(), line);
        assertTrue(cells[5].strip().length() > 3, line);
        rows.add(new Setting(plain(cells[1]), plain(cells[3]), plain(cells[4])));
      }
    }
    return rows;
  }

  private static String plain(String cell) {
    return cell.strip().replace("`", "");
  }

  private static void collect(String path, Map<?, ?> section, List<Setting> settings) {
    section.forEach(
        (key, value) -> {
          String at = path.isEmpty() ? "" + key : path + '.' + key;
          if (value instanceof Map<?, ?> inner) {
            collect(at, inner, settings);
          } else {
            settings.add(setting(at, value));
          }
        });
  }

  private static Setting setting(String key, Object value) {
    String text = value == null ? "" : value.toString();
    if (value instanceof List<?> items) {
      text = items.stream().map(String::valueOf).collect(Collectors.joining(", ", "[", "]"));
    }
    Matcher variable = VARIABLE.matcher(text);
    boolean fromEnvironment = variable.matches();
    String given = fromEnvironment ? variable.group(2) : text;
    if (value instanceof List<?> items && items.size() == 1) {
      Setting only = setting(key, items.get(0));
      if (!only.environment().isEmpty()) {
        String elements = only.defaultValue().equals("none") ? "" : only.defaultValue();
        return new Setting(key, '[' + elements + ']', only.environment());
      }
    }
    return new Setting(
        key, given.isEmpty() ? "none" : given, fromEnvironment ? variable.group(1) : "");
  }
}
