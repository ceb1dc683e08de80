package infopass.gateway;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every input that fuzzing has found worth keeping, given to its target once more. */
class FuzzCorpusTest {

  static Stream<FuzzCorpus> targets() {
    return FuzzCorpus.all().stream();
  }

  @ParameterizedTest
  @MethodSource("targets")
  void everyKeptInputIsTakenRightly(FuzzCorpus corpus) throws IOException {
    List<byte[]> inputs = corpus.inputs();
    assertFalse(inputs.isEmpty());
    for (byte[] input : inputs) {
      assertDoesNotThrow(() -> corpus.run(input), () -> FuzzCorpus.escaped(input));
    }
  }

  @Test
  void everyByteSurvivesBeingKept() {
    byte[] all = new byte[256];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) i;
    }
    String line = FuzzCorpus.escaped(all);
    assertEquals(1, line.lines().count());
    assertArrayEquals(all, FuzzCorpus.unescaped(line));
  }

  @Test
  void anUnpackedCorpusHoldsEveryInput(@TempDir Path folder) throws IOException {
    FuzzCorpus corpus = FuzzCorpus.of("intake.PreferFuzz");
    corpus.unpack(folder);
    assertEquals(corpus.inputs().size(), folder.toFile().list().length);
  }
}
