package infopass.gateway.audit;

import java.time.Duration;
import java.time.Instant;

/** Takes note of every init. Thread-safe; never blocks. */
public interface AuditTrail {

  /** Keeps no record. */
  AuditTrail NONE =
      new AuditTrail() {
        @Override
        public boolean open() {
          return true;
        }

        @Override
        public void note(
            Instant time,
            String caller,
            String mobile,
            String email,
            String purpose,
            String outcome,
            String correlationId) {
          // Nothing is to be kept.
        }

        @Override
        public void close(Duration patience) {
          // Nothing is open.
        }
      };

  /**
   * Whether there is room for another line: an init that could not be recorded is not to be made.
   */
  boolean open();

  /**
   * Takes note.
   *
   * @param mobile of the person; hashed at once, null where there is none
   * @param email of the person; hashed at once, null where there is none
   * @param purpose what the caller says it is for; null where it says nothing
   * @param outcome {@code granted}, {@code replayed}, or the slug of the problem
   */
  void note(
      Instant time,
      String caller,
      String mobile,
      String email,
      String purpose,
      String outcome,
      String correlationId);

  /** Writes what waits, for at most this long. Blocks. */
  void close(Duration patience);
}
