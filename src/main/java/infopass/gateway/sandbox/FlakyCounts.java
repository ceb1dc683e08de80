package infopass.gateway.sandbox;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How often each exact body has been failed so far. Keeps hashes, not bodies, and forgets the
 * bodies seen longest ago once there are too many. Thread-safe.
 */
final class FlakyCounts {

  private final Map<ByteBuffer, Integer> failuresByHash;

  FlakyCounts(int capacity) {
    failuresByHash =
        new LinkedHashMap<>() {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<ByteBuffer, Integer> eldest) {
            return size() > capacity;
          }
        };
  }

  /** Whether this request for the body is to fail; the one that is not starts the count anew. */
  boolean failsNow(byte[] body, long times) {
    ByteBuffer hash = ByteBuffer.wrap(sha256(body));
    synchronized (failuresByHash) {
      int failures = failuresByHash.getOrDefault(hash, 0);
      if (failures >= times) {
        failuresByHash.remove(hash);
        return false;
      }
      failuresByHash.put(hash, failures + 1);
      return true;
    }
  }

  private static byte[] sha256(byte[] body) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(body);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
