package infopass.gateway.idempotency;

import infopass.gateway.digilocker.CallerPresence;
import infopass.gateway.digilocker.Deadline;
import infopass.gateway.digilocker.InitOutcome;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;

/** What a request with an Idempotency-Key is to do. */
public sealed interface Begun {

  /** It is the first of its name, or the first that may be repeated: it makes the call. */
  record First(Call call, Function<Duration, CompletionStage<Claim>> claims) implements Begun {

    /** Whether other processes are to be asked before it makes the call. */
    public boolean shared() {
      return claims != null;
    }

    /**
     * Asks them. Never fails. Where it is not to make the call, {@link #finish} ends what this
     * process knows of it.
     *
     * @param lease longest time until the call has ended
     */
    public CompletionStage<Claim> claim(Duration lease) {
      return claims.apply(lease);
    }

    /** As {@link Running#lives}, of this request's own call. */
    public Deadline lives(Deadline patience) {
      return call.lives(patience);
    }

    /** Whether anybody still waits for the answer, this request and all that joined it. */
    public CallerPresence presence() {
      return call.presence();
    }

    /** The caller of this request has gone away. */
    public void leave() {
      call.leave();
    }

    /** The call has ended. To be called exactly once; tells all that joined, on this thread. */
    public void finish(InitOutcome outcome) {
      call.finish(outcome);
    }

    /**
     * Completes, after {@link #finish} and on any thread, when other processes can see how it
     * ended, or cannot be told; at once where there are none.
     */
    public CompletionStage<?> told() {
      return call.told();
    }
  }

  /** The same request is being worked on. */
  record Running(Call call) implements Begun {

    /**
     * Waits for its outcome.
     *
     * @param answered called once, on any thread, which may be this one
     * @return to be run when the caller of this request goes away; harmless to repeat
     */
    public Runnable join(Consumer<InitOutcome> answered) {
      call.join(answered);
      AtomicBoolean left = new AtomicBoolean();
      return () -> {
        if (left.compareAndSet(false, true)) {
          call.leave();
        }
      };
    }

    /**
     * Has the call live at least as long as this participant waits.
     *
     * @return the deadline of the call, that of its most patient participant
     */
    public Deadline lives(Deadline patience) {
      return call.lives(patience);
    }

    /** As {@link First#told()}, of the request that is joined. */
    public CompletionStage<?> told() {
      return call.told();
    }
  }

  /** It was answered before, and the answer still holds. */
  record Replay(InitOutcome outcome) implements Begun {}

  /** The key came before with another request. */
  record Mismatch() implements Begun {}
}
