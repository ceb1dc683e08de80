package infopass.gateway.idempotency;

import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * A memory that several processes share: bytes by key. Every operation completes within its time,
 * on any thread; one that could not be done, or is not known to have been, fails. Thread-safe.
 */
public interface SharedMemory {
  /** How this process is called, by itself and by the others. */
  String self();

  /** Whether a process of this name is there. */
  boolean alive(String node);

  /** Whether to go on without this memory where it fails, at the risk of a second call. */
  boolean dispensable();

  /** Puts the value where there is none; gives the value that is there, or null. */
  CompletionStage<byte[]> putIfAbsent(byte[] key, byte[] value, Duration lifespan);

  /** Puts a value in the place of this one; false where that is not there. */
  CompletionStage<Boolean> replace(byte[] key, byte[] old, byte[] value, Duration lifespan);

  /** Takes this value away. */
  CompletionStage<Boolean> remove(byte[] key, byte[] value);

  /** Completes when the call of that process for the key has ended, or the process is gone. */
  CompletionStage<Void> ended(String node, byte[] key, Duration patience);
}
