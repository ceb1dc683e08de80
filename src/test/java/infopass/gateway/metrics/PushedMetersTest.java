package infopass.gateway.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import infopass.gateway.digilocker.Outcome;
import infopass.gateway.digilocker.Problem;
import io.vertx.core.http.HttpMethod;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PushedMetersTest {
  private static final long MILLI = Duration.ofMillis(1).toNanos();

  private final Metrics metrics = new Metrics();

  @AfterEach
  void close() {
    metrics.close();
  }

  private void assertSample(String line) {
    assertTrue(metrics.text().lines().anyMatch(line::equals), line);
  }

  private static String answerCount(String route, String method, int status, String slug) {
    return "http_server_request_duration_seconds_count{error_type=\""
        + slug
        + "\",http_request_method=\""
        + method
        + "\",http_response_status_code=\""
        + status
        + "\",http_route=\""
        + route
        + "\"} ";
  }

  @Test
  void anAnswerIsFoundUnderEachOfItsLabels() {
    // Given
    AnswerTimers timers = new AnswerTimers(metrics);
    Optional<Problem> refused = Optional.of(Problem.UNAUTHENTICATED);

    // When
    timers.answered("/a", HttpMethod.GET, 200, Optional.empty(), MILLI);
    timers.answered("/a", HttpMethod.GET, 200, Optional.empty(), MILLI);
    timers.answered("/a", HttpMethod.POST, 200, Optional.empty(), MILLI);
    timers.answered("/a", HttpMethod.POST, 401, refused, MILLI);
    timers.answered("/a", HttpMethod.POST, 403, refused, MILLI);
    timers.answered("", HttpMethod.valueOf("ANYTHING"), 404, Optional.of(Problem.NOT_FOUND), 0);
    timers.answered("", null, 400, Optional.of(Problem.INVALID_REQUEST), 0);

    // Then
    assertSample(answerCount("/a", "GET", 200, "") + 2);
    assertSample(answerCount("/a", "POST", 200, "") + 1);
    assertSample(answerCount("/a", "POST", 401, "unauthenticated") + 1);
    assertSample(answerCount("/a", "POST", 403, "unauthenticated") + 1);
    assertSample(answerCount("none", "_OTHER", 404, "not-found") + 1);
    assertSample(answerCount("none", "_OTHER", 400, "invalid-request") + 1);
  }

  @Test
  void noAnswerIsLostBetweenThreads() throws Exception {
    // Given
    AnswerTimers timers = new AnswerTimers(metrics);
    CountDownLatch start = new CountDownLatch(1);
    ExecutorService threads = Executors.newFixedThreadPool(4);

    // When
    List<? extends Future<?>> all =
        IntStream.range(0, 4)
            .mapToObj(
                thread ->
                    threads.submit(
                        () -> {
                          start.await();
                          for (int i = 0; i < 10_000; i++) {
                            int status = 200 + i % 10;
                            timers.answered("/a", HttpMethod.GET, status, Optional.empty(), i);
                          }
                          return null;
                        }))
            .toList();
    start.countDown();
    for (Future<?> one : all) {
      one.get();
    }
    threads.shutdown();

    // Then
    for (int status = 200; status < 210; status++) {
      assertSample(answerCount("/a", "GET", status, "") + 4_000);
    }
  }

  @Test
  void attemptsFromTheThirdOnAreOne() {
    // Given
    AttemptTimers timers = new AttemptTimers(metrics);

    // When
    timers.granted(1, MILLI);
    timers.failed(2, Outcome.NOT_SENT, MILLI);
    timers.failed(3, Outcome.UNKNOWN, 3 * MILLI);
    timers.failed(10, Outcome.UNKNOWN, 7 * MILLI);

    // Then
    String name = "infopass_call_duration_seconds";
    assertSample(name + "_count{attempt=\"1\",outcome=\"granted\"} 1");
    assertSample(name + "_bucket{attempt=\"1\",outcome=\"granted\",le=\"0.001\"} 1");
    assertSample(name + "_count{attempt=\"2\",outcome=\"not_sent\"} 1");
    assertSample(name + "_count{attempt=\"3+\",outcome=\"unknown\"} 2");
    assertSample(name + "_bucket{attempt=\"3+\",outcome=\"unknown\",le=\"0.002\"} 0");
    assertSample(name + "_bucket{attempt=\"3+\",outcome=\"unknown\",le=\"0.005\"} 1");
    assertSample(name + "_bucket{attempt=\"3+\",outcome=\"unknown\",le=\"0.01\"} 2");
    assertSample(name + "_sum{attempt=\"3+\",outcome=\"unknown\"} 0.01");
    assertSample(name + "_count{attempt=\"1\",outcome=\"rejected\"} 0");
  }

  @Test
  void whoIsNotConfiguredIsOther() {
    // Given
    CallerCounters counters = new CallerCounters(metrics, List.of("shop"));

    // When
    counters.ended("shop", true, true);
    counters.ended("asha@example.in", false, true);
    counters.ended("somebody", false, false);

    // Then
    String name = "gateway_requests_by_caller_total";
    assertSample(name + "{caller=\"shop\",result=\"granted\"} 1.0");
    assertSample(name + "{caller=\"shop\",result=\"denied\"} 0.0");
    assertSample(name + "{caller=\"other\",result=\"granted\"} 1.0");
    assertSample(name + "{caller=\"other\",result=\"denied\"} 1.0");
    assertFalse(metrics.text().contains("asha"));
  }

  @Test
  void whoseCredentialsThePartnerTookHasALabelFromThenOn() {
    // Given
    CallerCounters counters = new CallerCounters(metrics, List.of());
    List<String> unshown =
        List.of(
            "9650000986",
            "+919650000986",
            "tel:9650000986",
            "mob-965_000_0986",
            "ABCPR1234F",
            "asha@example.in",
            "a b",
            "",
            "x".repeat(65));

    // When
    for (String caller : unshown) {
      counters.ended(caller, false, true);
    }
    counters.ended("kyc-shop", false, false);
    counters.ended("kyc-shop", false, true);
    counters.ended("kyc-shop", false, false);
    counters.ended("by-bus", true, true);

    // Then
    String name = "gateway_requests_by_caller_total";
    assertSample(name + "{caller=\"kyc-shop\",result=\"granted\"} 1.0");
    assertSample(name + "{caller=\"kyc-shop\",result=\"denied\"} 1.0");
    assertSample(name + "{caller=\"other\",result=\"granted\"} 10.0");
    assertSample(name + "{caller=\"other\",result=\"denied\"} 1.0");
    assertEquals(4, labels());
  }

  @Test
  void aHundredOfThemHaveOneHoweverManyComeAtOnce() throws InterruptedException {
    // Given
    CallerCounters counters = new CallerCounters(metrics, List.of("shop"));
    ExecutorService threads = Executors.newFixedThreadPool(4);
    CyclicBarrier together = new CyclicBarrier(4);

    // When
    for (int thread = 0; thread < 4; thread++) {
      threads.execute(
          () -> {
            for (int i = 0; i < 150; i++) {
              awaitAll(together);
              counters.ended("caller-" + i, false, true);
            }
          });
    }
    threads.shutdown();
    assertTrue(threads.awaitTermination(30, TimeUnit.SECONDS));

    // Then
    assertEquals(2 * (2 + 100), labels());
  }

  private static void awaitAll(CyclicBarrier barrier) {
    try {
      barrier.await();
    } catch (InterruptedException | BrokenBarrierException e) {
      throw new IllegalStateException(e);
    }
  }

  private long labels() {
    String sample = "gateway_requests_by_caller_total{caller=";
    return metrics.text().lines().filter(line -> line.startsWith(sample)).count();
  }

  @Test
  void whatIsReadStaysReadableAfterACollection() {
    // Given
    Object garbage = new Object();
    WeakReference<Object> collected = new WeakReference<>(garbage);
    metrics.counter("things_total", "Things", new AtomicLong(7)::get);
    metrics.gauge("level", "A level", new AtomicLong(5)::get);

    // When
    garbage = null;
    for (int i = 0; i < 50 && collected.get() != null; i++) {
      System.gc();
    }

    // Then
    assertSample("things_total 7.0");
    assertSample("level 5.0");
  }

  @Test
  void namesKeepTheirSuffixes() {
    metrics.info("build_info", "A build", Map.of("version", "1"));
    assertSample("build_info{version=\"1\"} 1");
    assertThrows(
        IllegalArgumentException.class, () -> metrics.counter("things", "Things", () -> 0));
    assertThrows(IllegalArgumentException.class, () -> metrics.info("b", "A build", Map.of()));
  }
}
