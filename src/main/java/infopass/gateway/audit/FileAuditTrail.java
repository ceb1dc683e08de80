package infopass.gateway.audit;

import infopass.gateway.logging.LogLimit;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Appends one JSON line per init to a file, on a thread of its own. Lines wait in a bounded queue;
 * while it is nearly full {@link #open()} is false, so that nothing is done that could not be
 * recorded. A file that was moved away is made anew, so that it can be rotated. A file that cannot
 * be written is tried again each second, and its lines are kept. A file that is made here can be
 * read by nobody but its owner; one that is there keeps the permissions it has. Thread-safe.
 */
public final class FileAuditTrail implements AuditTrail {
  private static final Logger LOG = LoggerFactory.getLogger(FileAuditTrail.class);
  private static final LogLimit LIMIT = new LogLimit();
  private static final int CAPACITY = 65_536;

  /** Room for inits that are being worked on when the queue fills up. */
  private static final int RESERVE = 16_384;

  private static final int BATCH = 1_024;
  private static final long RETRY_MILLIS = 1_000;
  private static final Set<PosixFilePermission> OWNER_ONLY =
      Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

  private final SubjectReference subjects;
  private final Path file;
  private final BlockingQueue<AuditEntry> waiting = new ArrayBlockingQueue<>(CAPACITY);
  private final AtomicLong lost = new AtomicLong();
  private final Thread writer = new Thread(this::write, "audit-writer");
  private volatile boolean closing;

  /**
   * @param file where lines are appended
   */
  public FileAuditTrail(SubjectReference subjects, Path file) {
    this.subjects = subjects;
    this.file = file;
    writer.setDaemon(true);
  }

  public FileAuditTrail start() {
    writer.start();
    return this;
  }

  @Override
  public boolean open() {
    return waiting.remainingCapacity() > RESERVE;
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
    AuditEntry entry =
        new AuditEntry(
            time,
            caller,
            subjects.of(mobile, email),
            purpose == null ? "" : purpose,
            outcome,
            correlationId);
    if (!waiting.offer(entry)) {
      lost.incrementAndGet();
      LIMIT
          .line(LOG, Level.ERROR, "lost")
          .log("audit lines are being lost: their file cannot be written");
    }
  }

  /** Lines that found no room since the start. */
  public long lost() {
    return lost.get();
  }

  @Override
  public void close(Duration patience) {
    closing = true;
    writer.interrupt();
    try {
      writer.join(patience.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void write() {
    List<AuditEntry> batch = new ArrayList<>();
    while (!closing || !waiting.isEmpty() || !batch.isEmpty()) {
      try {
        if (batch.isEmpty()) {
          AuditEntry first = closing ? waiting.poll() : waiting.take();
          if (first != null) {
            batch.add(first);
            waiting.drainTo(batch, BATCH - 1);
          }
        }
        append(batch);
        batch.clear();
      } catch (IOException e) {
        LIMIT
            .line(LOG, Level.ERROR, "failing")
            .setCause(e)
            .log("the audit file cannot be written; its lines are kept and tried again");
        if (closing) {
          return;
        }
        pause();
      } catch (InterruptedException e) {
        LOG.debug("closing"); // Only close() interrupts; the loop's condition sees that.
      }
    }
  }

  /** Until it is time to try again, or to end. */
  private synchronized void pause() {
    try {
      if (!closing) {
        TimeUnit.MILLISECONDS.timedWait(this, RETRY_MILLIS);
      }
    } catch (InterruptedException e) {
      LOG.debug("closing");
    }
  }

  private void append(List<AuditEntry> batch) throws IOException {
    if (batch.isEmpty()) {
      return;
    }
    StringBuilder lines = new StringBuilder();
    batch.forEach(entry -> lines.append(json(entry)).append('\n'));
    byte[] bytes = lines.toString().getBytes(StandardCharsets.UTF_8);
    // Opened for each batch: what was moved away by a rotation is not written to any more.
    makeWhereMissing();
    try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.APPEND)) {
      out.write(bytes);
    }
  }

  private void makeWhereMissing() throws IOException {
    if (Files.exists(file)) {
      return;
    }
    boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
    try {
      if (posix) {
        Files.createFile(file, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
      } else {
        Files.createFile(file);
      }
    } catch (FileAlreadyExistsException e) {
      LOG.debug("the audit file was made by somebody else just now");
    }
  }

  private static String json(AuditEntry entry) {
    JsonObject json =
        new JsonObject()
            .put("time", entry.time().toString())
            .put("caller", entry.caller())
            .put("subject", entry.subject());
    if (!entry.purpose().isEmpty()) {
      json.put("purpose", entry.purpose());
    }
    return json.put("outcome", entry.outcome())
        .put("correlationId", entry.correlationId())
        .encode();
  }
}
