package infopass.gateway;

import java.net.ConnectException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongFunction;

/**
 * Sends at a constant rate as a load balancer does: what no node has taken, since it could not be
 * connected to or says that it is leaving, goes to the next; everything else counts as it comes.
 */
final class ClusterLoad {
  private static final int MAX_TRIES = 12;

  private final Function<HttpRequest.Builder, CompletableFuture<HttpResponse<String>>> client;
  private final ConcurrentLinkedQueue<CompletableFuture<String>> ends =
      new ConcurrentLinkedQueue<>();
  private final ScheduledExecutorService clock = Executors.newScheduledThreadPool(1);
  private final List<CompletableFuture<String>> begun = new ArrayList<>();
  private boolean ended;

  ClusterLoad(Function<HttpRequest.Builder, CompletableFuture<HttpResponse<String>>> client) {
    this.client = client;
  }

  /** The request of one number, at its first or a later try. */
  interface Shots {
    HttpRequest.Builder of(long number, int attempt);
  }

  /** Begins; {@link #scores} waits for the end. */
  void run(double perSecond, Duration length, Shots shots) {
    long count = (long) (perSecond * length.toMillis() / 1000);
    long gap = (long) (1e9 / perSecond);
    for (long i = 0; i < count; i++) {
      long number = i;
      CompletableFuture<String> end = new CompletableFuture<>();
      ends.add(end);
      clock.schedule(
          () -> {
            if (begins(end)) {
              shoot(attempt -> shots.of(number, (int) attempt), 0, end);
            }
          },
          i * gap,
          TimeUnit.NANOSECONDS);
    }
  }

  private void shoot(
      LongFunction<HttpRequest.Builder> shot, int attempt, CompletableFuture<String> end) {
    client
        .apply(shot.apply(attempt))
        .whenComplete(
            (answer, failed) -> {
              String score = score(answer, failed);
              boolean again = score.equals("not connected") || score.contains("draining");
              if (again && attempt < MAX_TRIES) {
                clock.schedule(() -> shoot(shot, attempt + 1, end), 20, TimeUnit.MILLISECONDS);
              } else {
                end.complete(score);
              }
            });
  }

  private static String score(HttpResponse<String> answer, Throwable failed) {
    if (failed != null) {
      Throwable cause = failed.getCause() == null ? failed : failed.getCause();
      return cause instanceof ConnectException
          ? "not connected"
          : "connection lost: " + cause.getClass().getSimpleName();
    }
    if (answer.statusCode() == 200) {
      return "200";
    }
    String slug = answer.body().replaceFirst("(?s).*\"type\":\"/problems/([^\"]*)\".*", "$1");
    return answer.statusCode() + " " + slug;
  }

  /** Sends nothing new; how often what came. */
  Map<String, Integer> scoresSoFar() {
    synchronized (begun) {
      ended = true;
    }
    Map<String, Integer> scores = count(begun);
    clock.shutdownNow();
    return scores;
  }

  private boolean begins(CompletableFuture<String> end) {
    synchronized (begun) {
      if (!ended) {
        begun.add(end);
      }
      return !ended;
    }
  }

  /** How often what came. */
  Map<String, Integer> scores() {
    Map<String, Integer> scores = count(ends);
    clock.shutdown();
    return scores;
  }

  private static Map<String, Integer> count(Collection<CompletableFuture<String>> ends) {
    Map<String, Integer> scores = new TreeMap<>();
    for (CompletableFuture<String> end : ends) {
      scores.merge(end.orTimeout(5, TimeUnit.MINUTES).join(), 1, Integer::sum);
    }
    return scores;
  }
}
