package infopass.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What is written for machines does not depend on the locale. The build runs all tests with one
 * that has digits of its own; this sees that it does, and looks for what no test reaches.
 */
class LocaleRulesTest {
  private static final Pattern DEPENDENT =
      Pattern.compile(
          "toLowerCase\\(\\)|toUpperCase\\(\\)|%[-0-9.,$]*[df](?!\\{)|Locale\\.getDefault");

  @Test
  void nothingIsWrittenByTheRulesOfALocale() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      Set<String> found = new TreeSet<>();
      files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(file -> DEPENDENT.matcher(text(file)).find())
          .forEach(file -> found.add(file.getFileName().toString()));
      assertEquals(Set.of(), found);
    }
  }

  @Test
  void theTestsRunWithDigitsOfAnotherScript() {
    Locale marathi = new Locale.Builder().setLanguage("mr").setRegion("IN").build();
    assertNotEquals("1", String.format(marathi, "%d", 1), "the JDK has no such digits");
    if (System.getProperty("surefire.test.class.path") != null) {
      assertEquals(marathi, Locale.getDefault());
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
