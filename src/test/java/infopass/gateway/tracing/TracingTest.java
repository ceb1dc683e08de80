package infopass.gateway.tracing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.InvocationTargetException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TracingTest {
  /** Our classes again, in a world without OpenTelemetry. */
  private static final class Without extends ClassLoader {
    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (name.startsWith("io.opentelemetry.") || name.startsWith("infopass.")) {
        throw new ClassNotFoundException(name);
      }
      return super.loadClass(name, resolve);
    }
  }

  private static String started(URI endpoint) throws Exception {
    URL classes = Path.of("target/classes").toUri().toURL();
    try (URLClassLoader loader = new URLClassLoader(new URL[] {classes}, new Without())) {
      String home = "infopass.gateway.tracing.";
      Class<?> configs = loader.loadClass(home + "TracingConfig");
      Object config = configs.getConstructor(URI.class, double.class).newInstance(endpoint, 1.0);
      Object spans =
          loader
              .loadClass(home + "Tracing")
              .getMethod("start", configs, String.class, Optional.class)
              .invoke(null, config, "1", Optional.empty());
      Class<?> type = loader.loadClass(home + "Spans");
      assertEquals(type.getField("OFF").get(null), spans);
      return "started";
    }
  }

  @Test
  void offNoClassOfOpenTelemetryIsNeeded() throws Exception {
    assertEquals("started", started(null));
  }

  @Test
  void onItIsSoThatTheTestAboveCanFail() {
    InvocationTargetException missing =
        assertThrows(
            InvocationTargetException.class, () -> started(URI.create("http://127.0.0.1:1")));
    assertTrue(missing.getCause() instanceof NoClassDefFoundError, "" + missing.getCause());
  }

  @ParameterizedTest
  @CsvSource({
    "http://a.in:4318,http://a.in:4318/v1/traces",
    "http://a.in:4318/,http://a.in:4318/v1/traces",
    "https://a.in/otlp,https://a.in/otlp/v1/traces",
    "https://a.in/otlp/v1/traces,https://a.in/otlp/v1/traces"
  })
  void theSignalsPathIsAppendedWhereItIsMissing(String endpoint, String target) {
    assertEquals(target, new TracingConfig(URI.create(endpoint), 1).target());
  }
}
