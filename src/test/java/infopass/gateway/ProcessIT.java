package infopass.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The process as operators and orchestrators see it: output, signals, exit codes. */
class ProcessIT {
  private static final String PORTS =
      """
      http: {host: 127.0.0.1, port: 0}
      management: {port: 0}
      logging: {format: "${LOG_FORMAT:json}", level: info, accessLog: sampled}
      """;

  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @TempDir private Path folder;

  @Test
  void theSandboxIsReadyWithOneLineAndAnswersTheDocumentedRequest() throws Exception {
    try (ChildProcess gateway = start("", "--sandbox")) {
      // When
      ChildProcess.Ready ready = gateway.awaitReady();
      HttpResponse<String> answer = init(ready.http(), RunningGateway.SEED);
      HttpResponse<String> health = get(ready.management().resolve("/health/ready"));
      gateway.terminate();

      // Then
      System.out.println("time to ready: " + ready.afterMillis() + " ms");
      assertTrue(
          ready
              .line()
              .matches(
                  "ready: http://127\\.0\\.0\\.1:\\d+ \\(management http://127\\.0\\.0\\.1:\\d+\\)"),
          ready.line());
      assertEquals(200, answer.statusCode(), answer.body());
      assertEquals("0x0200", new JsonObject(answer.body()).getString("code"));
      assertEquals(200, health.statusCode(), health.body());
      assertEquals(0, gateway.awaitExit());
      assertEquals(List.of(), gateway.restOfOutput());
    }
  }

  @Test
  void withoutAFileTheOneInTheJarHoldsAndTakesTheEnvironment() {
    Map<String, String> environment =
        Map.of("HTTP_HOST", "127.0.0.1", "HTTP_PORT", "0", "MANAGEMENT_PORT", "0");
    try (ChildProcess gateway = ChildProcess.start(folder, environment, "--sandbox")) {
      ChildProcess.Ready ready = gateway.awaitReady();
      assertEquals("127.0.0.1", ready.http().getHost());
      assertFalse(ready.http().getPort() == 8080);
      gateway.terminate();
      assertEquals(0, gateway.awaitExit());
    }
  }

  @Test
  void aSignalWhenIdleEndsItSoonWithZero() {
    try (ChildProcess gateway = start("", "--sandbox")) {
      gateway.awaitReady();
      long begun = System.nanoTime();
      gateway.terminate();
      assertEquals(0, gateway.awaitExit());
      long millis = (System.nanoTime() - begun) / 1_000_000;
      assertTrue(millis < 8_000, "took " + millis + " ms");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"starting\"", "\"sandbox\""})
  void aSignalWhileItStartsEndsItWithZero(String reached) {
    try (ChildProcess gateway = start("", "--sandbox")) {
      gateway.awaitError(reached);
      gateway.terminate();
      assertEquals(0, gateway.awaitExit());
      assertFalse(String.join("\n", gateway.restOfErrors()).contains("failed to start"));
    }
  }

  @Test
  void aSignalRightAfterTheStartEndsItWithZero() {
    // Given: the virtual machine tells which class it loads; the first of ours heeds signals
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    List<String> telling = List.of(java.toString(), "-Xlog:class+load:stderr");
    try (ChildProcess gateway = ChildProcess.start(telling, folder, Map.of(), "--sandbox")) {
      gateway.awaitError(" " + JvmSettings.class.getName() + " ");

      // When
      gateway.terminate();

      // Then
      assertEquals(0, gateway.awaitExit());
      assertEquals(List.of(), gateway.restOfOutput());
    }
  }

  @Test
  void aSignalUnderLoadLeavesNoRequestUnanswered() throws Exception {
    int connections = 100;
    try (ChildProcess gateway = start("", "--sandbox")) {
      // Given a hundred callers that send the next request as soon as they have an answer
      URI target = gateway.awaitReady().http();
      ExecutorService callers = Executors.newFixedThreadPool(connections);
      CountDownLatch warm = new CountDownLatch(3 * connections);
      AtomicBoolean told = new AtomicBoolean();
      AtomicInteger granted = new AtomicInteger();
      AtomicInteger grantedAfterwards = new AtomicInteger();
      AtomicInteger refused = new AtomicInteger();
      Queue<String> wrong = new ConcurrentLinkedQueue<>();
      for (int i = 0; i < connections; i++) {
        callers.execute(
            () -> {
              try (KeepAliveCaller caller =
                  new KeepAliveCaller(target, RunningGateway.body("Slow 200"))) {
                KeepAliveCaller.Answer answer;
                do {
                  caller.send();
                  answer = caller.receive();
                  warm.countDown();
                  if (answer.status() == 200) {
                    (told.get() ? grantedAfterwards : granted).incrementAndGet();
                  } else if (answer.status() == 503
                      && answer.body().contains("/draining\"")
                      // Of those that were sent, all are finished.
                      && answer.body().contains("\"outcome\":\"not-sent\"")) {
                    refused.incrementAndGet();
                  } else {
                    wrong.add(answer.toString());
                  }
                } while (!answer.closes());
              } catch (IOException e) {
                wrong.add(e.toString());
              }
            });
      }
      assertTrue(warm.await(30, TimeUnit.SECONDS));

      // When
      told.set(true);
      gateway.terminate();

      // Then
      assertEquals(0, gateway.awaitExit());
      callers.shutdown();
      assertTrue(callers.awaitTermination(30, TimeUnit.SECONDS));
      System.out.printf(
          "answered %s before the signal, %s after it, %s refused as draining%n",
          granted.get(), grantedAfterwards.get(), refused.get());
      assertEquals(List.of(), List.copyOf(wrong));
      assertTrue(grantedAfterwards.get() > 0, "what was in flight was finished");
      assertTrue(grantedAfterwards.get() + refused.get() >= connections, "each had a last answer");
    }
  }

  @Test
  void theGraceIsTheLongestThatAHangingPartnerIsWaitedFor() throws Exception {
    try (ChildProcess gateway = start("shutdown: {grace: 1s}\n", "--sandbox")) {
      URI target = gateway.awaitReady().http();
      try (KeepAliveCaller caller = new KeepAliveCaller(target, RunningGateway.body("Hang"));
          KeepAliveCaller other = new KeepAliveCaller(target, RunningGateway.SEED)) {
        caller.send();
        other.send();
        assertEquals(200, other.receive().status());
        long begun = System.nanoTime();
        gateway.terminate();
        assertEquals(0, gateway.awaitExit());
        long millis = (System.nanoTime() - begun) / 1_000_000;
        assertTrue(millis < 8_000, "took " + millis + " ms");
      }
    }
  }

  @Test
  void duringTheDrainDelayItAnswersOnButIsNotReady() throws Exception {
    try (ChildProcess gateway = start("shutdown: {drainDelay: 2s}\n", "--sandbox")) {
      // Given
      ChildProcess.Ready ready = gateway.awaitReady();
      URI probe = ready.management().resolve("/health/ready");
      assertEquals(200, get(probe).statusCode());

      // When
      gateway.terminate();
      int health = 200;
      for (long begun = System.nanoTime();
          health == 200 && System.nanoTime() - begun < 1_000_000_000L; ) {
        health = get(probe).statusCode();
      }
      HttpResponse<String> answer = init(ready.http(), RunningGateway.SEED);

      // Then
      assertEquals(503, health);
      assertEquals(200, answer.statusCode(), answer.body());
      assertEquals("close", answer.headers().firstValue("Connection").orElse(""));
      assertEquals(0, gateway.awaitExit());
    }
  }

  @Test
  void aPortInUseIsOneAndIsNamed() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String taker = "http: {host: 127.0.0.1, port: " + taken.getLocalPort() + "}\n";
      conf(taker + "management: {port: 0}\n");
      try (ChildProcess gateway = ChildProcess.start(folder, Map.of(), "--conf", "conf.yaml")) {
        assertEquals(1, gateway.awaitExit());
        assertEquals(List.of(), gateway.restOfOutput());
        String errors = String.join("\n", gateway.restOfErrors());
        assertTrue(errors.contains("cannot listen on 127.0.0.1:" + taken.getLocalPort()), errors);
      }
    }
  }

  @Test
  void badUsageAndBadConfigurationAreTwoAndStartNothing() throws IOException {
    conf("http: {port: 70000}\nsurprise: 1\n");
    String[][] all = {
      {"--unknown"},
      {"--conf", "missing.yaml"},
      {"--check", "--conf", "conf.yaml"},
      {"--sandbox", "--conf", "conf.yaml"}
    };
    for (String[] arguments : all) {
      try (ChildProcess gateway = ChildProcess.start(folder, Map.of(), arguments)) {
        assertEquals(2, gateway.awaitExit(), String.join(" ", arguments));
        assertEquals(List.of(), gateway.restOfOutput());
        List<String> errors = gateway.restOfErrors();
        if (arguments[arguments.length - 1].equals("conf.yaml")) {
          assertEquals(3, errors.size(), errors.toString());
        }
      }
    }
  }

  @Test
  void versionHelpAndCheckAreZero() throws IOException {
    conf(PORTS);
    String[][] all = {{"--version"}, {"--help"}, {"--check", "--conf", "conf.yaml"}};
    for (String[] arguments : all) {
      try (ChildProcess gateway = ChildProcess.start(folder, Map.of(), arguments)) {
        assertEquals(0, gateway.awaitExit(), String.join(" ", arguments));
        assertFalse(gateway.restOfOutput().isEmpty());
        assertEquals(List.of(), gateway.restOfErrors());
      }
    }
  }

  @Test
  void trainingForAnAotCacheEndsByItselfWithZero() {
    try (ChildProcess training = ChildProcess.start(folder, Map.of(), "train")) {
      assertEquals(0, training.awaitExit());
    }
  }

  @Test
  void theSandboxAloneKeepsItsQuotaAndEndsWithZero() throws Exception {
    try (ChildProcess sandbox =
        ChildProcess.start(folder, Map.of(), "sandbox", "--port", "0", "--quota", "2/60s")) {
      // When
      URI target = sandbox.awaitReady().http();
      int first = init(target, RunningGateway.SEED).statusCode();
      int second = init(target, RunningGateway.SEED).statusCode();
      HttpResponse<String> third = init(target, RunningGateway.SEED);
      sandbox.terminate();

      // Then
      assertEquals(200, first);
      assertEquals(200, second);
      assertEquals(429, third.statusCode());
      assertTrue(third.headers().firstValue("Retry-After").isPresent());
      assertEquals(0, sandbox.awaitExit());
    }
  }

  @Test
  void jsonLogsAreOneObjectALineOnStandardErrorWithoutPersonalData() throws Exception {
    List<String> lines = logs("json");
    assertTrue(lines.size() >= 4, lines.toString());
    for (String line : lines) {
      JsonObject object = new JsonObject(line);
      for (String member : List.of("time", "level", "logger", "message")) {
        assertFalse(object.getString(member).isEmpty(), line);
      }
    }
  }

  @Test
  void textLogsArePlainLines() throws Exception {
    List<String> lines = logs("text");
    assertTrue(
        lines.stream()
            .anyMatch(line -> line.matches("\\d\\d:\\d\\d:\\d\\d\\.\\d{3} INFO .* ready .*")),
        lines.toString());
    assertTrue(lines.stream().noneMatch(line -> line.startsWith("{")), lines.toString());
  }

  private List<String> logs(String format) throws Exception {
    conf(PORTS);
    try (ChildProcess gateway =
        ChildProcess.start(
            folder, Map.of("LOG_FORMAT", format), "--sandbox", "--conf", "conf.yaml")) {
      URI target = gateway.awaitReady().http();
      init(target, RunningGateway.SEED);
      init(target, RunningGateway.body("Reject 0x0422"));
      init(target, RunningGateway.body("Crossed"));
      init(target, "{\"name\":\"Test Kumar\"}");
      gateway.terminate();
      assertEquals(0, gateway.awaitExit());
      assertEquals(List.of(), gateway.restOfOutput());
      List<String> lines = gateway.restOfErrors();
      String all = String.join("\n", lines);
      for (String personal : List.of("Kumar", "gmail.com", "*****986", "dXNlcjpwYXNz")) {
        assertFalse(all.contains(personal), all);
      }
      return lines;
    }
  }

  /** With free ports, and what the test changes. */
  private ChildProcess start(String yaml, String... arguments) {
    String[] all = Arrays.copyOf(arguments, arguments.length + 2);
    all[arguments.length] = "--conf";
    all[arguments.length + 1] = "conf.yaml";
    try {
      conf(PORTS + yaml);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return ChildProcess.start(folder, Map.of(), all);
  }

  private void conf(String yaml) throws IOException {
    Files.writeString(folder.resolve("conf.yaml"), yaml);
  }

  private static HttpResponse<String> init(URI target, String body) throws Exception {
    return HTTP.send(
        HttpRequest.newBuilder(target.resolve(RunningGateway.INIT))
            .timeout(Duration.ofSeconds(30))
            .header("Authorization", RunningGateway.basic("user", "pass"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static HttpResponse<String> get(URI uri) throws Exception {
    return HTTP.send(
        HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(30)).build(),
        HttpResponse.BodyHandlers.ofString());
  }
}
