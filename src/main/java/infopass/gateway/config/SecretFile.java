package infopass.gateway.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A file that holds one value, as platforms hand secrets out. */
public final class SecretFile {
  private static final int LIMIT_BYTES = 64 * 1024;
  private static final Pattern REFERENCE = Pattern.compile("(?<!\\$)\\$\\{file:([^}]*)}");

  private SecretFile() {}

  /** The files that a document refers to. */
  public static List<Path> namedIn(ConfigSource source) {
    Matcher reference = REFERENCE.matcher(source.yaml());
    return reference
        .results()
        .map(found -> found.group(1).strip())
        .filter(name -> !name.isEmpty() && name.indexOf('\0') < 0)
        .map(Path::of)
        .distinct()
        .toList();
  }

  /** The value; empty, and a fault that names the file and never what it holds, where it fails. */
  static String read(String name, Consumer<String> faults) {
    String shown = "file " + Shown.printable(name);
    try (InputStream in = Files.newInputStream(Path.of(name))) {
      byte[] bytes = in.readNBytes(LIMIT_BYTES + 1);
      if (bytes.length > LIMIT_BYTES) {
        faults.accept(shown + " is larger than 64 KiB");
        return "";
      }
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return EnvironmentText.withoutLineEnd(text);
    } catch (NoSuchFileException | InvalidPathException e) {
      faults.accept(shown + " does not exist");
    } catch (CharacterCodingException e) {
      faults.accept(shown + " is not UTF-8 text");
    } catch (IOException e) {
      faults.accept(shown + " cannot be read");
    }
    return "";
  }
}
