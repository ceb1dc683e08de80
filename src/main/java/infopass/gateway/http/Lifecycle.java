package infopass.gateway.http;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * Where this process stands between its start and its stop. Written by the composition root, read
 * by every listener. Thread-safe.
 */
public final class Lifecycle {
  /** The stages, in order; there is no way back. */
  public enum Stage {
    /** Nothing is served yet. */
    STARTING,
    /** Serving. */
    READY,
    /** Told to stop: still serving, but not ready, and each answer closes its connection. */
    LEAVING,
    /** New requests are refused, those in flight are finished. */
    DRAINING
  }

  private final List<Consumer<Stage>> watchers = new CopyOnWriteArrayList<>();
  private volatile Stage stage = Stage.STARTING;

  public Stage stage() {
    return stage;
  }

  /** Tells of every stage that is entered from now on, on the thread that enters it. */
  public void onEnter(Consumer<Stage> watcher) {
    watchers.add(watcher);
  }

  public void enter(Stage next) {
    stage = next;
    watchers.forEach(watcher -> watcher.accept(next));
  }

  public boolean ready() {
    return stage == Stage.READY;
  }

  /** Whether it was told to stop. */
  public boolean stopping() {
    return stage.compareTo(Stage.LEAVING) >= 0;
  }

  /** Whether new requests are refused. */
  public boolean draining() {
    return stage == Stage.DRAINING;
  }
}
