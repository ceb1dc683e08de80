package infopass.gateway.idempotency;

import java.io.IOException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Sees to it that of all processes one makes the call for a name. Who makes it leaves its own name
 * and the latest end of the call; where that process is gone, or is long over its time, nobody
 * knows what became of it, and the next makes the call. The clocks of the processes have to agree
 * to within {@link #CLOCKS}. Thread-safe.
 */
final class Claims {
  /** How far the clocks of two processes may be apart. */
  static final Duration CLOCKS = Duration.ofSeconds(2);

  /** Others who replace what we want to replace: each time one of them gets on. */
  private static final int MAX_ROUNDS = 8;

  private final SharedMemory memory;
  private final Vault vault;
  private final Clock clock;
  private final AtomicLong calls = new AtomicLong();

  Claims(SharedMemory memory, Vault vault, Clock clock) {
    this.memory = memory;
    this.vault = vault;
    this.clock = clock;
  }

  /**
   * @param claim what is to be done
   * @param value what stands for it; null where there is none
   * @param suspect a call before it whose fate is not known; null for none
   */
  record Made(Claim claim, byte[] value, Settled suspect) {}

  /**
   * @param suspect what this process remembers of a call whose fate is not known; null for none
   * @param lease longest time until the call has ended
   */
  CompletionStage<Made> claim(byte[] name, byte[] fingerprint, Settled suspect, Duration lease) {
    SharedEntry.Running running =
        new SharedEntry.Running(
            memory.self(), calls.incrementAndGet(), clock.instant().plus(lease));
    byte[] value = new SharedEntry(fingerprint, running, null).encoded();
    return attempt(new Attempt(name, fingerprint, value, suspect), 1)
        .exceptionally(
            failed ->
                memory.dispensable()
                    ? new Made(new Claim.Mine(), value, suspect)
                    : new Made(new Claim.Unavailable(), null, null));
  }

  private record Attempt(byte[] name, byte[] fingerprint, byte[] value, Settled suspect) {}

  private CompletionStage<Made> attempt(Attempt mine, int round) {
    return memory
        .putIfAbsent(mine.name(), mine.value(), IdempotencyStore.FAILURES_KEPT)
        .thenCompose(
            there -> there == null ? mine(mine, mine.suspect()) : found(mine, there, round));
  }

  private CompletionStage<Made> found(Attempt mine, byte[] there, int round) {
    SharedEntry entry;
    try {
      entry = SharedEntry.decoded(there);
    } catch (IOException otherVersion) {
      return CompletableFuture.failedFuture(otherVersion);
    }
    if (!MessageDigest.isEqual(entry.fingerprint(), mine.fingerprint())) {
      return done(new Claim.Mismatch());
    }
    Instant now = clock.instant();
    SharedEntry.Running running = entry.running();
    if (running != null) {
      return over(running, now)
          ? replace(mine, there, unknown(mine, now), round)
          : done(elsewhere(mine, running));
    }
    Settled settled = entry.settled();
    boolean unknown = settled.answer() instanceof Settled.Answer.Unknown;
    if (unknown || now.isAfter(settled.until().minusSeconds(1))) {
      return replace(mine, there, unknown ? settled : null, round);
    }
    return done(new Claim.Answered(settled.replay(mine.name(), vault)));
  }

  /** A process that is there ends its calls itself, so that it is given time for a late word. */
  private boolean over(SharedEntry.Running running, Instant now) {
    boolean there = !running.node().equals(memory.self()) && memory.alive(running.node());
    Duration patience = there ? CLOCKS.multipliedBy(5) : CLOCKS;
    return running.node().equals(memory.self()) || now.isAfter(running.until().plus(patience));
  }

  private Claim elsewhere(Attempt mine, SharedEntry.Running running) {
    return new Claim.Elsewhere(
        patience -> {
          Duration left =
              Duration.between(clock.instant(), running.until().plus(CLOCKS).plusMillis(50));
          // Who is gone says no word any more: then the time that its call may take is waited for.
          Duration wait = left.compareTo(patience) < 0 ? left : patience;
          return memory.ended(
              running.node(), mine.name(), wait.isNegative() ? Duration.ZERO : wait);
        });
  }

  private CompletionStage<Made> replace(Attempt mine, byte[] there, Settled unknown, int round) {
    return memory
        .replace(mine.name(), there, mine.value(), IdempotencyStore.FAILURES_KEPT)
        .thenCompose(
            replaced -> {
              if (replaced) {
                return mine(mine, unknown == null ? mine.suspect() : unknown);
              }
              return round < MAX_ROUNDS
                  ? attempt(mine, round + 1)
                  : CompletableFuture.failedFuture(new IOException("others are faster"));
            });
  }

  private static Settled unknown(Attempt mine, Instant now) {
    return new Settled(
        mine.fingerprint(), now.plus(IdempotencyStore.FAILURES_KEPT), new Settled.Answer.Unknown());
  }

  private static CompletionStage<Made> mine(Attempt mine, Settled unknown) {
    return CompletableFuture.completedFuture(new Made(new Claim.Mine(), mine.value(), unknown));
  }

  private static CompletionStage<Made> done(Claim claim) {
    return CompletableFuture.completedFuture(new Made(claim, null, null));
  }

  /**
   * Tells the others how a call ended.
   *
   * @param value what stood for the claim
   * @param kept what is to be remembered; null for nothing
   */
  CompletionStage<?> settle(byte[] name, byte[] value, Settled kept) {
    if (kept == null) {
      return memory.remove(name, value);
    }
    Duration lifespan = Duration.between(clock.instant(), kept.until());
    byte[] settled = new SharedEntry(kept.fingerprint(), null, kept).encoded();
    return lifespan.isNegative() || lifespan.isZero()
        ? memory.remove(name, value)
        : memory.replace(name, value, settled, lifespan);
  }
}
