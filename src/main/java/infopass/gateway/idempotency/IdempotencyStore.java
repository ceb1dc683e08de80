package infopass.gateway.idempotency;

import infopass.gateway.digilocker.InitFailure;
import infopass.gateway.digilocker.InitOutcome;
import infopass.gateway.digilocker.Outcome;
import infopass.gateway.digilocker.Problem;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Remembers requests by caller and Idempotency-Key, so that repetitions cost no call. A link is
 * given again for as long as it can be used, a final refusal for ten minutes. Where the outcome is
 * unknown only the request's fingerprint is kept, for ten minutes, and the next repetition makes a
 * call, which is counted as a possible duplicate. What was not sent, or may pass, is forgotten.
 *
 * <p>Neither keys, callers nor bodies are kept, but keyed hashes of them; links are encrypted.
 * Where processes share a memory it is asked before a call is made. Thread-safe; never blocks for
 * longer than one operation of a map.
 */
public final class IdempotencyStore {
  /** How long failures are remembered. */
  public static final Duration FAILURES_KEPT = Duration.ofMinutes(10);

  private static final int KEY_BYTES = 32;

  private final ConcurrentMap<ByteBuffer, Call> running = new ConcurrentHashMap<>();
  private final Memory settled;
  private final Clock clock;
  private final KeyedHash names;
  private final KeyedHash fingerprints;
  private final Vault vault;
  private final Claims claims;
  private final LongAdder replays = new LongAdder();
  private final LongAdder joins = new LongAdder();
  private final LongAdder mismatches = new LongAdder();
  private final LongAdder possibleDuplicates = new LongAdder();

  /**
   * @param maxEntries most requests that are remembered beyond their end
   * @param clock tells whether a link can still be used
   */
  public IdempotencyStore(int maxEntries, Clock clock) {
    this.clock = clock;
    SecureRandom random = new SecureRandom();
    this.names = new KeyedHash(randomKey(random));
    this.fingerprints = new KeyedHash(randomKey(random));
    this.vault = new Vault(random);
    this.settled = new Memory(maxEntries);
    this.claims = null;
  }

  /**
   * One that shares what it knows with other processes.
   *
   * @param secret what all of them know
   * @param shared where it is kept
   */
  public IdempotencyStore(int maxEntries, Clock clock, byte[] secret, SharedMemory shared) {
    KeyedHash keys = new KeyedHash(secret);
    this.clock = clock;
    this.names = new KeyedHash(keys.of("names", new byte[0]));
    this.fingerprints = new KeyedHash(keys.of("fingerprints", new byte[0]));
    this.vault = new Vault(keys, new SecureRandom());
    this.settled = new Memory(maxEntries);
    this.claims = new Claims(shared, vault, clock);
  }

  /**
   * What became of requests with a key, since the start.
   *
   * @param stored remembered now
   * @param running being worked on now
   * @param replays answered from memory
   * @param joins answered with a call that was running
   * @param mismatches refused for another request's key
   * @param possibleDuplicates repeated after an unknown outcome
   * @param displaced forgotten early for want of room
   */
  public record Snapshot(
      long stored,
      long running,
      long replays,
      long joins,
      long mismatches,
      long possibleDuplicates,
      long displaced) {}

  /**
   * Begins, or finds what a repetition gets.
   *
   * @param scope who asks; a secret may be in it
   * @param body the request, byte for byte
   */
  public Begun begin(String scope, IdempotencyKey key, byte[] body) {
    byte[] name = names.of(scope, key.value().getBytes(StandardCharsets.US_ASCII));
    byte[] fingerprint = fingerprints.of(scope, body);
    ByteBuffer id = ByteBuffer.wrap(name);
    Found found = new Found();
    running.compute(
        id,
        (same, call) -> {
          found.call = call;
          found.settled = call == null ? living(id) : null;
          if (call != null || found.settled != null && !repeatable(found.settled, fingerprint)) {
            return call;
          }
          found.first = new Call(fingerprint, (ended, outcome) -> settle(id, ended, outcome));
          found.first.suspects(found.settled);
          return found.first;
        });
    return found.first != null ? first(id, found) : repeated(found, name, fingerprint);
  }

  /** Runs something when the call for this name has ended and others can see how; at once if so. */
  public void whenEnded(byte[] name, Runnable action) {
    Call call = running.get(ByteBuffer.wrap(name));
    if (call == null) {
      action.run();
    } else {
      call.join(outcome -> call.told().whenComplete((done, failed) -> action.run()));
    }
  }

  private static final class Found {
    private Call call;
    private Call first;
    private Settled settled;
  }

  private Begun first(ByteBuffer id, Found found) {
    if (claims != null) {
      Call call = found.first;
      return new Begun.First(
          call,
          lease ->
              claims
                  .claim(id.array(), call.fingerprint(), call.suspect(), lease)
                  .thenApply(
                      made -> {
                        call.claimed(made.value());
                        call.suspects(made.suspect());
                        return made.claim();
                      }));
    }
    return new Begun.First(found.first, null);
  }

  private Begun repeated(Found found, byte[] name, byte[] fingerprint) {
    byte[] known = found.call == null ? found.settled.fingerprint() : found.call.fingerprint();
    if (!MessageDigest.isEqual(known, fingerprint)) {
      mismatches.increment();
      return new Begun.Mismatch();
    }
    if (found.call != null) {
      joins.increment();
      return new Begun.Running(found.call);
    }
    replays.increment();
    return new Begun.Replay(found.settled.replay(name, vault));
  }

  private static boolean repeatable(Settled kept, byte[] fingerprint) {
    return kept.answer() instanceof Settled.Answer.Unknown
        && MessageDigest.isEqual(kept.fingerprint(), fingerprint);
  }

  /** What is remembered and still holds: a link of which less than a second is left does not. */
  private Settled living(ByteBuffer id) {
    Settled kept = settled.get(id);
    return kept != null && !clock.instant().isAfter(kept.until().minusSeconds(1)) ? kept : null;
  }

  private void settle(ByteBuffer id, Call call, InitOutcome outcome) {
    Settled kept = kept(id, call, outcome);
    if (call.suspect() != null) {
      if (wasSent(outcome)) {
        possibleDuplicates.increment();
      }
      // What became of the call before is as unknown as it was.
      kept = kept == null ? call.suspect() : kept;
    }
    if (call.claim() != null) {
      call.telling(claims.settle(id.array(), call.claim(), kept));
    }
    if (kept == null) {
      settled.forget(id);
    } else {
      settled.put(id, kept, clock.instant());
    }
    running.remove(id, call);
  }

  private static boolean wasSent(InitOutcome outcome) {
    return !(outcome instanceof InitOutcome.Denied denied)
        || denied.failure().outcome() != Outcome.NOT_SENT;
  }

  /** Null for what is not to be remembered. */
  private Settled kept(ByteBuffer id, Call call, InitOutcome outcome) {
    if (outcome instanceof InitOutcome.Granted granted) {
      return new Settled(
          call.fingerprint(),
          granted.session().expiry().expiresAt(),
          Settled.link(granted.session(), id.array(), vault));
    }
    InitFailure failure = ((InitOutcome.Denied) outcome).failure();
    Instant until = clock.instant().plus(FAILURES_KEPT);
    if (failure.outcome() == Outcome.UNKNOWN) {
      return new Settled(call.fingerprint(), until, new Settled.Answer.Unknown());
    }
    boolean lasts =
        failure.problem() == Problem.UPSTREAM_REJECTED
            && (failure.upstream() == null || !failure.upstream().mayPass());
    return lasts
        ? new Settled(call.fingerprint(), until, new Settled.Answer.Refusal(failure))
        : null;
  }

  public Snapshot snapshot() {
    return new Snapshot(
        settled.size(),
        running.size(),
        replays.sum(),
        joins.sum(),
        mismatches.sum(),
        possibleDuplicates.sum(),
        settled.displaced());
  }

  private static byte[] randomKey(SecureRandom random) {
    byte[] key = new byte[KEY_BYTES];
    random.nextBytes(key);
    return key;
  }

  /** Shows nothing of what is kept. */
  @Override
  public String toString() {
    return "IdempotencyStore";
  }
}
