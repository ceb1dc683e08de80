package infopass.gateway.load;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Looks at a subject while it is driven: its process each second, its metrics less often. */
final class Series implements AutoCloseable {
  /** A scrape costs milliseconds: it must not become what is measured. */
  private static final int SECONDS_TO_A_SCRAPE = 5;

  /**
   * One look.
   *
   * @param cpuSeconds processor time since the process began
   * @param metrics values by name, of a gateway that was scraped; else empty
   */
  record Look(
      double atSeconds, double cpuSeconds, double residentMiB, Map<String, Double> metrics) {}

  private final Subject subject;
  private final long begun = System.nanoTime();
  private final List<Look> looks = new ArrayList<>();
  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private int ticks;

  Series(Subject subject) {
    this.subject = subject;
    clock.scheduleAtFixedRate(this::look, 0, 1, TimeUnit.SECONDS);
  }

  private void look() {
    boolean scrape = subject.managementPort() > 0 && ticks++ % SECONDS_TO_A_SCRAPE == 0;
    Map<String, Double> metrics = scrape ? metrics() : Map.of();
    double at = (System.nanoTime() - begun) / 1e9;
    looks.add(new Look(at, subject.cpuSeconds(), subject.residentMiB(), metrics));
  }

  private Map<String, Double> metrics() {
    URI uri = URI.create("http://127.0.0.1:" + subject.managementPort() + "/metrics");
    HttpRequest request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(4)).build();
    Map<String, Double> values = new TreeMap<>();
    try {
      String text = http.send(request, HttpResponse.BodyHandlers.ofString()).body();
      for (String line : text.split("\n")) {
        int blank = line.lastIndexOf(' ');
        if (!line.startsWith("#") && blank > 0) {
          values.put(line.substring(0, blank), Double.parseDouble(line.substring(blank + 1)));
        }
      }
    } catch (java.io.IOException e) {
      // One look less: the plots have a gap there.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return values;
  }

  /** All looks, once it is closed. */
  List<Look> looks() {
    return looks;
  }

  @Override
  public void close() {
    clock.shutdown();
    try {
      clock.awaitTermination(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
