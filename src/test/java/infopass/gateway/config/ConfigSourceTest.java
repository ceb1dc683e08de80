package infopass.gateway.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigSourceTest {
  @TempDir Path folder;

  @Test
  void readsAFileAndNamesItInFaults() throws IOException {
    // Given
    Path file = folder.resolve("gateway.yaml");
    Files.writeString(file, "\uFEFFport: é\r\n");
    Faults faults = new Faults();

    // When
    ConfigNode root = ConfigNode.root(ConfigSource.file(file), Map.of(), faults);
    root.integer("port", 1);

    // Then
    assertEquals(List.of(file + ":1: port: must be a whole number, was \"é\""), faults.lines());
  }

  @Test
  void tellsWhyAFileCannotBeRead() throws IOException {
    Path garbled = Files.write(folder.resolve("garbled"), new byte[] {'a', (byte) 0xC3});
    Path large = Files.write(folder.resolve("large"), new byte[(1 << 20) + 1]);
    Path missing = folder.resolve("missing");

    assertFault(missing, "no such file");
    assertFault(garbled, "must be UTF-8 text");
    assertFault(large, "must not be larger than 1 MiB");
    assertFault(folder, "is a directory, not a file");
  }

  private static void assertFault(Path path, String rule) {
    ConfigException thrown = assertThrows(ConfigException.class, () -> ConfigSource.file(path));
    assertEquals(List.of(path + ": " + rule), thrown.faults());
  }
}
