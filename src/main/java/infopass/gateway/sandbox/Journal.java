package infopass.gateway.sandbox;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * What the sandbox has received, oldest first: every request but those for the journal itself. An
 * entry is there before its answer leaves. Holds no credentials, and bodies only if asked to.
 *
 * <p>Keeps a limited number of entries, dropping the oldest, and counts all of them. Thread-safe.
 */
public final class Journal {

  private final int capacity;
  private final Deque<Entry> entries = new ArrayDeque<>();
  private long total;

  Journal(int capacity) {
    this.capacity = capacity;
  }

  /** The entries that are kept, oldest first; a copy. */
  public synchronized List<Entry> entries() {
    return List.copyOf(entries);
  }

  /** How many entries are kept. */
  public synchronized int size() {
    return entries.size();
  }

  /** How many entries were made since the start or the last {@link #clear()}. */
  public synchronized long total() {
    return total;
  }

  /** Forgets all entries, and their number. */
  public synchronized void clear() {
    entries.clear();
    total = 0;
  }

  synchronized void add(Entry entry) {
    if (entries.size() == capacity) {
      entries.removeFirst();
    }
    entries.addLast(entry);
    total++;
  }

  /**
   * One request and what became of it.
   *
   * @param at when its head was received
   * @param method HTTP method
   * @param path path of the request, without a query
   * @param protocol "HTTP/1.1" or "HTTP/2"
   * @param correlationId value of X-Correlation-Id, or null
   * @param traceparent value of traceparent, or null
   * @param userAgent value of User-Agent, or null
   * @param headers names of all header fields in lower case, in the order received
   * @param clientId client id in the answer, or null
   * @param answer status code, or "reset", "reset-after", "hang", "drip"
   * @param scenario first word of the scenario that was played, "quota" or "fail-rate" where they
   *     struck, else null
   * @param body the body, or null unless bodies are kept
   */
  public record Entry(
      Instant at,
      String method,
      String path,
      String protocol,
      String correlationId,
      String traceparent,
      String userAgent,
      List<String> headers,
      String clientId,
      String answer,
      String scenario,
      String body) {

    public Entry {
      headers = List.copyOf(headers);
    }

    /** Leaves out the body, which is personal data. */
    @Override
    public String toString() {
      return method + " " + path + " -> " + answer + " (" + correlationId + ")";
    }
  }
}
