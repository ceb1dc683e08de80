package infopass.gateway;

import infopass.gateway.sandbox.Journal;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Callers who go on while the gateway behind one port is stopped and started again and again. Each
 * sends one request after the other, half of them on a connection that they keep, and sends again
 * only where that is safe beyond doubt: no connection could be made, or the answer was {@code
 * draining}. Anything else that is not a link is a lost request.
 */
final class RestartLoad implements AutoCloseable {
  private static final int CALLERS = 8;
  private static final int PATIENCE_SECONDS = 60;

  /** Between attempts to connect while nobody listens. */
  private static final long AGAIN_MILLIS = 5;

  private final URI target;
  private final AtomicBoolean over = new AtomicBoolean();
  private final CountDownLatch pause = new CountDownLatch(1);
  private final AtomicLong granted = new AtomicLong();
  private final AtomicInteger refusedConnections = new AtomicInteger();
  private final AtomicInteger draining = new AtomicInteger();
  private final Queue<String> lost = new ConcurrentLinkedQueue<>();
  private final Map<String, String> clientIds = new ConcurrentHashMap<>();
  private final List<Thread> threads = new ArrayList<>();

  RestartLoad(URI target) {
    this.target = target;
    for (int i = 0; i < CALLERS; i++) {
      int caller = i;
      Thread thread = new Thread(() -> call(caller), "caller-" + i);
      thread.start();
      threads.add(thread);
    }
  }

  /** Requests that got a link so far. */
  long granted() {
    return granted.get();
  }

  int refusedConnections() {
    return refusedConnections.get();
  }

  int draining() {
    return draining.get();
  }

  /** What became of the requests that were lost. */
  List<String> lost() {
    return List.copyOf(lost);
  }

  private void call(int caller) {
    KeepAliveCaller connection = null;
    for (int n = 0; !over.get(); n++) {
      String id = "caller-" + caller + ":" + n;
      connection = send(id, connection);
      if (caller % 2 == 1) {
        close(connection);
        connection = null;
      }
    }
    close(connection);
  }

  /** Until it has a link, or is lost; the connection for the next one, or null. */
  private KeepAliveCaller send(String id, KeepAliveCaller kept) {
    KeepAliveCaller connection = kept;
    while (true) {
      try {
        if (connection == null) {
          connection = connect();
          if (connection == null) {
            return null;
          }
        }
        connection.send(id);
        KeepAliveCaller.Answer answer = connection.receive();
        JsonObject body = new JsonObject(answer.body());
        if (answer.closes()) {
          close(connection);
          connection = null;
        }
        if (answer.status() == 200) {
          granted.incrementAndGet();
          note(id, body);
          return connection;
        }
        if (answer.status() != 503 || !"/problems/draining".equals(body.getString("type"))) {
          lost.add(id + ": " + answer.status() + ' ' + answer.body());
          return connection;
        }
        draining.incrementAndGet();
      } catch (IOException e) {
        lost.add(id + ": " + e);
        close(connection);
        return null;
      }
    }
  }

  private void note(String id, JsonObject body) {
    if (!id.equals(body.getString("correlationId"))) {
      lost.add(id + ": the answer is another's, " + body.getString("correlationId"));
    }
    clientIds.put(id, body.getJsonObject("data").getString("clientId"));
  }

  /** As soon as somebody listens; null when the load is over before. */
  private KeepAliveCaller connect() throws IOException {
    while (!over.get()) {
      try {
        return new KeepAliveCaller(target, RunningGateway.SEED);
      } catch (ConnectException nobody) {
        refusedConnections.incrementAndGet();
        rest();
      }
    }
    return null;
  }

  private void rest() {
    try {
      pause.await(AGAIN_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void close(KeepAliveCaller connection) {
    try {
      if (connection != null) {
        connection.close();
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Waits until so many more requests have got a link; false where that took too long. */
  boolean awaitGranted(long more) {
    long wanted = granted() + more;
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (granted() < wanted && System.nanoTime() < end) {
      rest();
    }
    return granted() >= wanted;
  }

  /** No more requests; those that were sent are still answered. */
  void end() {
    over.set(true);
    try {
      for (Thread thread : threads) {
        thread.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    end();
  }

  /** Links that the partner made beyond one for each request. Once ended. */
  long duplicates(Journal journal) {
    Map<String, Integer> links = new HashMap<>();
    for (Journal.Entry entry : journal.entries()) {
      if (entry.answer().equals("200")) {
        links.merge(entry.correlationId(), 1, Integer::sum);
      }
    }
    return links.values().stream().mapToLong(made -> made - 1L).sum();
  }

  /** Requests whose answer is not one that the partner gave to them. Once ended. */
  Set<String> crossed(Journal journal) {
    Set<String> given = new HashSet<>();
    journal.entries().forEach(entry -> given.add(entry.correlationId() + ' ' + entry.clientId()));
    Set<String> crossed = new HashSet<>();
    clientIds.forEach(
        (id, clientId) -> {
          if (!given.contains(id + ' ' + clientId)) {
            crossed.add(id);
          }
        });
    return crossed;
  }
}
