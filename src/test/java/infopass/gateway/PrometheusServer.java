package infopass.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Prometheus in a process of its own, on a free port, that looks twice a second. Needs the Debian
 * package {@code prometheus}; where that is missing, the test is skipped and says so.
 */
final class PrometheusServer implements AutoCloseable {
  private static final Path BINARY = Path.of("/usr/bin/prometheus");
  private static final Pattern LISTENING = Pattern.compile("msg=\"Listening on\" address=(\\S+)");
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Executor LATER =
      CompletableFuture.delayedExecutor(200, TimeUnit.MILLISECONDS);

  private final java.lang.Process process;
  private final CompletableFuture<String> address = new CompletableFuture<>();
  private final HttpClient http = HttpClient.newHttpClient();

  private PrometheusServer(java.lang.Process process) {
    this.process = process;
    Thread reader = new Thread(() -> read(process.getInputStream()), "prometheus output");
    reader.setDaemon(true);
    reader.start();
  }

  /** Skips the test where there is none. */
  static void assumeInstalled() {
    if (!Files.isExecutable(BINARY)) {
      System.out.println("NOT CHECKED: " + BINARY + " is not installed (package prometheus)");
    }
    assumeTrue(Files.isExecutable(BINARY), "prometheus is not installed");
  }

  /**
   * Starts one and waits until it serves.
   *
   * @param folder where its configuration and its data are
   * @param ports what to scrape: management ports on loopback, by the name of the job
   * @param rules files of rules, if any
   */
  static PrometheusServer start(Path folder, Map<String, Integer> ports, Path... rules) {
    try {
      Path config = folder.resolve("prometheus.json");
      Files.writeString(config, config(ports, rules).encode());
      return new PrometheusServer(
              new ProcessBuilder(
                      BINARY.toString(),
                      "--config.file=" + config,
                      "--storage.tsdb.path=" + folder.resolve("data"),
                      "--web.listen-address=127.0.0.1:0")
                  .directory(new File(folder.toString()))
                  .redirectErrorStream(true)
                  .start())
          .serving();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonObject config(Map<String, Integer> ports, Path... rules) {
    JsonArray jobs = new JsonArray();
    ports.forEach(
        (job, port) ->
            jobs.add(
                new JsonObject()
                    .put("job_name", job)
                    .put(
                        "static_configs",
                        new JsonArray()
                            .add(
                                new JsonObject()
                                    .put("targets", new JsonArray().add("127.0.0.1:" + port))))));
    JsonArray files = new JsonArray();
    for (Path rule : rules) {
      files.add(rule.toString());
    }
    return new JsonObject()
        .put(
            "global",
            new JsonObject()
                .put("scrape_interval", "500ms")
                .put("scrape_timeout", "500ms")
                .put("evaluation_interval", "500ms"))
        .put("rule_files", files)
        .put("scrape_configs", jobs);
  }

  private void read(InputStream in) {
    List<String> said = new ArrayList<>();
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Matcher listening = LISTENING.matcher(line);
        if (listening.find()) {
          address.complete(listening.group(1));
        }
        said.add(line);
      }
    } catch (IOException closed) {
      // It was killed.
    }
    address.completeExceptionally(new IllegalStateException(String.join("\n", said)));
  }

  private PrometheusServer serving() {
    try {
      address.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      eventually(PATIENCE, () -> get("/-/ready").filter(answer -> answer.statusCode() == 200));
      return this;
    } catch (Exception e) {
      close();
      throw new IllegalStateException(e);
    }
  }

  /**
   * The series that this expression has now.
   *
   * @throws AssertionError where Prometheus does not take the expression
   */
  JsonArray query(String expression) {
    return ask("/api/v1/query?query=" + encoded(expression))
        .getJsonObject("data")
        .getJsonArray("result");
  }

  /** The values that a label has in the series that are selected. */
  List<String> labelValues(String label, String selector) {
    JsonObject answer = ask("/api/v1/label/" + label + "/values?match[]=" + encoded(selector));
    return answer.getJsonArray("data").stream().map(String.class::cast).toList();
  }

  /** The alerts that fire now, each as job and name. */
  List<String> firing() {
    return ask("/api/v1/alerts").getJsonObject("data").getJsonArray("alerts").stream()
        .map(JsonObject.class::cast)
        .filter(alert -> alert.getString("state").equals("firing"))
        .map(alert -> alert.getJsonObject("labels"))
        .map(labels -> labels.getString("job") + ' ' + labels.getString("alertname"))
        .distinct()
        .sorted()
        .toList();
  }

  private JsonObject ask(String path) {
    JsonObject answer = new JsonObject(get(path).orElseThrow().body());
    assertEquals("success", answer.getString("status"), () -> path + ": " + answer.encode());
    return answer;
  }

  private Optional<HttpResponse<String>> get(String path) {
    URI uri = URI.create("http://" + address.join() + path.replace("[]", "%5B%5D"));
    try {
      HttpRequest request = HttpRequest.newBuilder(uri).timeout(PATIENCE).build();
      return Optional.of(http.send(request, HttpResponse.BodyHandlers.ofString()));
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** Asks again every 200 ms until there is something, for at most this long. */
  static <T> T eventually(Duration patience, Supplier<Optional<T>> asked) throws Exception {
    long until = System.nanoTime() + patience.toNanos();
    Optional<T> found = asked.get();
    while (found.isEmpty() && System.nanoTime() < until) {
      found = CompletableFuture.supplyAsync(asked, LATER).get();
    }
    return found.orElseThrow(() -> new TimeoutException("not within " + patience));
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
  }
}
