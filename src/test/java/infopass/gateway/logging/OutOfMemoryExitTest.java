package infopass.gateway.logging;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What counts as an exhausted heap. */
class OutOfMemoryExitTest {
  private final List<Integer> codes = new ArrayList<>();
  private final OutOfMemoryExit exit = new OutOfMemoryExit(codes::add);

  @Test
  void anExhaustedHeapEndsTheProcess() {
    exit.check(new OutOfMemoryError("Java heap space"));
    assertEquals(List.of(3), codes);
  }

  @Test
  void soDoesWhatItCaused() {
    exit.check(new IllegalStateException(new RuntimeException(new OutOfMemoryError("x"))));
    assertEquals(List.of(3), codes);
  }

  @Test
  void otherFailuresDoNot() {
    exit.check(new IllegalStateException("closed"));
    exit.check(null);
    Exception first = new Exception("a");
    first.initCause(new Exception("b", first));
    exit.check(first);
    assertEquals(List.of(), codes);
  }
}
