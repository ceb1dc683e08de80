package infopass.gateway.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EffectiveConfigTest {
  enum Mode {
    HALF_OPEN
  }

  record Inner(Duration patience, double share, Mode mode, List<Integer> numbers) {}

  record Outer(
      String name,
      String empty,
      URI partner,
      Secret key,
      Secret none,
      List<Secret> keys,
      List<Inner> inners,
      Optional<Inner> inner,
      Optional<Inner> absent,
      String account) {}

  @Test
  void showsValuesAsWrittenAndHidesSecrets() {
    // Given
    Inner inner = new Inner(Duration.ofSeconds(90), 0.5, Mode.HALF_OPEN, List.of(1, 2));
    Outer outer =
        new Outer(
            "a\nb",
            "",
            URI.create("https://example.in"),
            Secret.of("hush"),
            Secret.of(""),
            List.of(Secret.of("hush"), Secret.of("hush")),
            List.of(inner),
            Optional.of(inner),
            Optional.empty(),
            "me");

    // When
    List<EffectiveConfig.Row> rows =
        EffectiveConfig.of(outer, Set.of("account"), Map.of("inner.share", "inner.part.share"));

    // Then
    assertEquals(
        List.of(
            row("name", "a\\nb"),
            row("empty", "(not set)"),
            row("partner", "https://example.in"),
            row("key", "(hidden)"),
            row("none", "(not set)"),
            row("keys", "2 (hidden)"),
            row("inners", "1 (hidden)"),
            row("inner.patience", "90s"),
            row("inner.part.share", "0.5"),
            row("inner.mode", "half-open"),
            row("inner.numbers", "[1, 2]"),
            row("absent", "(not set)"),
            row("account", "(hidden)")),
        rows);
  }

  private static EffectiveConfig.Row row(String key, String value) {
    return new EffectiveConfig.Row(key, value);
  }
}
