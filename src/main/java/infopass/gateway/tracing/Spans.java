package infopass.gateway.tracing;

import infopass.gateway.digilocker.TraceParent;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Begins spans. Never throws and never blocks: what cannot be kept or delivered is lost, and the
 * request goes on. Thread-safe.
 */
public interface Spans {
  /** Records nothing, and costs nothing. */
  Spans OFF =
      new Spans() {
        @Override
        public Span start(Kind kind, String name, TraceParent parent) {
          return Span.NONE;
        }

        @Override
        public CompletionStage<Void> close() {
          return CompletableFuture.completedFuture(null);
        }
      };

  /** Which side of a conversation a stage is. */
  enum Kind {
    /** It answers a request from outside. */
    SERVER,
    /** It asks another process. */
    CLIENT,
    /** It stays within this process. */
    INTERNAL
  }

  /**
   * Begins a stage now. It is recorded where its parent's sampled flag is set; where there is no
   * parent, in the configured share of cases.
   *
   * @param name of low cardinality
   * @param parent what it is a part of; null where a trace begins
   */
  Span start(Kind kind, String name, TraceParent parent);

  /** Sends what is left, within a few seconds, and ends. Never fails; harmless to repeat. */
  CompletionStage<Void> close();
}
