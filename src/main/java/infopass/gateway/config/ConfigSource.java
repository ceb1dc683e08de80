package infopass.gateway.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** YAML text with the name by which faults call it. Immutable. */
public final class ConfigSource {
  static final int LIMIT_BYTES = 1 << 20;

  private final String name;
  private final String yaml;

  private ConfigSource(String name, String yaml) {
    this.name = Objects.requireNonNull(name, "name");
    this.yaml = yaml.startsWith("\uFEFF") ? yaml.substring(1) : yaml;
  }

  /** Reads the file whole; one that is missing, unreadable, too large or not UTF-8 is a fault. */
  public static ConfigSource file(Path path) throws ConfigException {
    try (InputStream in = Files.newInputStream(path)) {
      byte[] bytes = in.readNBytes(LIMIT_BYTES + 1);
      if (bytes.length > LIMIT_BYTES) {
        throw fault(path, "must not be larger than 1 MiB");
      }
      return text(path.toString(), utf8(bytes));
    } catch (NoSuchFileException missing) {
      throw fault(path, "no such file");
    } catch (CharacterCodingException garbled) {
      throw fault(path, "must be UTF-8 text");
    } catch (IOException unreadable) {
      boolean folder = Files.isDirectory(path);
      throw fault(path, folder ? "is a directory, not a file" : "cannot be read");
    }
  }

  public static ConfigSource text(String name, String yaml) {
    return new ConfigSource(name, yaml);
  }

  String name() {
    return name;
  }

  String yaml() {
    return yaml;
  }

  /** The name only: the text may hold secrets. */
  @Override
  public String toString() {
    return name;
  }

  private static String utf8(byte[] bytes) throws CharacterCodingException {
    return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
  }

  private static ConfigException fault(Path path, String rule) {
    return ConfigException.placed(List.of(path + ": " + rule));
  }
}
