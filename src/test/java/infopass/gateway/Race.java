package infopass.gateway;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * What several threads do at once to something they share, with what must hold of it afterwards. It
 * knows nothing of the tool that tries its interleavings: it is run again and again.
 *
 * @param modelled whether a model checker can run it; else it is tried on threads only
 * @param once makes the thing, lets the threads loose, and fails where the promise is broken
 */
public record Race(String name, boolean modelled, Runnable once) {
  public Race(String name, Runnable once) {
    this(name, true, once);
  }

  /** Runs these at once, each on a thread of its own, and waits for all; fails as they fail. */
  public static void together(Runnable... actions) {
    Queue<Throwable> thrown = new ConcurrentLinkedQueue<>();
    List<Thread> threads = new ArrayList<>();
    for (Runnable action : actions) {
      threads.add(
          new Thread(
              () -> {
                try {
                  action.run();
                } catch (Throwable e) {
                  thrown.add(e);
                }
              }));
    }
    threads.forEach(Thread::start);
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    if (!thrown.isEmpty()) {
      throw new AssertionError(thrown.peek());
    }
  }

  public static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
