package infopass.gateway;

import infopass.gateway.digilocker.Outcome;
import infopass.gateway.http.AnswerListener;
import infopass.gateway.infopass.AttemptListener;
import infopass.gateway.infopass.ExtraTrust;
import infopass.gateway.load.OpenLoop;
import infopass.gateway.load.Score;
import infopass.gateway.sandbox.Sandbox;
import infopass.gateway.sandbox.SandboxOptions;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.DoubleStream;

/**
 * Processor time per init of a whole gateway, with metrics and without. Each gateway is a process
 * of its own, both are there at once and take turns under the same load, and there is more than one
 * pair, since no two processes are compiled alike. The one with metrics is scraped in each turn.
 * Run on demand, see the performance document.
 */
public final class MetricsCostBenchmark {
  private static final int PAIRS = Integer.getInteger("pairs", 5);
  private static final int ROUNDS = Integer.getInteger("rounds", 6);
  private static final int SECONDS = Integer.getInteger("seconds", 8);
  private static final int WARM_UP_SECONDS = Integer.getInteger("warmUp", 20);
  private static final int PER_SECOND = Integer.getInteger("perSecond", 800);
  private static final int CONNECTIONS = 32;

  private MetricsCostBenchmark() {}

  public static void main(String[] args) throws Exception {
    if (args.length > 0) {
      serve(args[0].equals("on"), URI.create(args[1]));
    } else {
      compare();
    }
  }

  private static void compare() throws Exception {
    Vertx vertx = Vertx.vertx();
    try {
      Sandbox sandbox =
          RunningGateway.await(
              new Sandbox(vertx, SandboxOptions.defaults().withJournalCapacity(1)).start());
      List<Double> on = new ArrayList<>();
      List<Double> off = new ArrayList<>();
      List<Double> more = new ArrayList<>();
      for (int pair = 1; pair <= PAIRS; pair++) {
        try (Measured with = new Measured("on", sandbox.baseUri());
            Measured without = new Measured("off", sandbox.baseUri())) {
          with.load(WARM_UP_SECONDS);
          without.load(WARM_UP_SECONDS);
          List<Double> ons = new ArrayList<>();
          List<Double> offs = new ArrayList<>();
          for (int round = 0; round < ROUNDS; round++) {
            // Whoever is first in one round is second in the next.
            Measured first = round % 2 == 0 ? with : without;
            Measured second = round % 2 == 0 ? without : with;
            (first == with ? ons : offs).add(first.microsPerInit(SECONDS));
            (second == with ? ons : offs).add(second.microsPerInit(SECONDS));
          }
          more.add(100 * (median(ons) / median(offs) - 1));
          on.addAll(ons);
          off.addAll(offs);
          System.out.printf(
              Locale.ROOT,
              "pair %s: on %s, off %s, %+.1f %%%n",
              pair,
              spread(ons),
              spread(offs),
              more.get(more.size() - 1));
        }
      }
      System.out.printf(
          Locale.ROOT,
          "%s inits/s, %s pairs of %s rounds of %s s: metrics on %s us of CPU per init, off %s, "
              + "difference by pairs %s %%%n",
          PER_SECOND,
          PAIRS,
          ROUNDS,
          SECONDS,
          spread(on),
          spread(off),
          spread(more));
    } finally {
      RunningGateway.await(vertx.close());
    }
  }

  private static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  private static String spread(List<Double> values) {
    DoubleStream all = values.stream().mapToDouble(Double::doubleValue);
    var range = all.summaryStatistics();
    return String.format(
        Locale.ROOT, "%.1f (%.1f to %.1f)", median(values), range.getMin(), range.getMax());
  }

  /** A gateway in a process of its own, and what drives it. */
  private static final class Measured implements AutoCloseable {
    private final java.lang.Process process;
    private final OpenLoop driver;
    private final URI metrics;
    private final HttpClient http = HttpClient.newHttpClient();

    Measured(String mode, URI partner) throws IOException {
      process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx512m",
                  "-XX:+UseSerialGC",
                  "-cp",
                  System.getProperty("java.class.path"),
                  MetricsCostBenchmark.class.getName(),
                  mode,
                  partner.toString())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
      String[] ports = lines.readLine().split(" ");
      driver = new OpenLoop("127.0.0.1", Integer.parseInt(ports[0]), CONNECTIONS);
      metrics = mode.equals("on") ? URI.create("http://127.0.0.1:" + ports[1] + "/metrics") : null;
    }

    double microsPerInit(int seconds) throws Exception {
      long before = cpuNanos();
      Score score = load(seconds);
      double micros = (cpuNanos() - before) / 1e3 / (PER_SECOND * seconds);
      if (score.count("200") < PER_SECOND * seconds) {
        throw new IllegalStateException("too much for this machine:\n" + score.table());
      }
      return micros;
    }

    private Score load(int seconds) throws Exception {
      Score score = new Score();
      if (metrics != null) {
        http.send(HttpRequest.newBuilder(metrics).build(), HttpResponse.BodyHandlers.discarding());
      }
      driver.run(
          PER_SECOND, Duration.ofSeconds(seconds), Duration.ofSeconds(30), shot -> SHOT, score);
      return score;
    }

    /** In steps of ten milliseconds, as Linux counts it. */
    private long cpuNanos() {
      return process.info().totalCpuDuration().orElseThrow().toNanos();
    }

    @Override
    public void close() {
      driver.close();
      process.destroy();
      process.onExit().orTimeout(30, TimeUnit.SECONDS).join();
    }
  }

  private static final OpenLoop.Shot SHOT =
      new OpenLoop.Shot(
          RunningGateway.INIT,
          Map.of(
              "Authorization",
              RunningGateway.basic("user", "pass"),
              "Content-Type",
              "application/json"),
          Buffer.buffer(RunningGateway.SEED));

  /** The process of a gateway; it ends by a signal. */
  private static void serve(boolean measured, URI partner) throws IOException {
    JvmSettings.apply();
    GatewayConfig config = RunningGateway.config("").sendingTo(partner);
    Gateway gateway =
        new Gateway(
            config,
            Main.vertx(),
            Surroundings.system(),
            Main.eventLoops(),
            ExtraTrust.load(config.infopass().tls().trustCertificates()),
            Cluster.ALONE,
            told -> measured ? told : nobody());
    RunningGateway.await(gateway.start());
    System.out.println(gateway.httpPort() + " " + gateway.managementPort());
  }

  private static Pushed nobody() {
    AttemptListener attempts =
        new AttemptListener() {
          @Override
          public void granted(int attempt, long elapsedNanos) {}

          @Override
          public void failed(int attempt, Outcome outcome, long elapsedNanos) {}
        };
    return new Pushed(
        AnswerListener.NONE,
        AnswerListener.NONE,
        attempts,
        nanos -> {},
        (caller, ownAccount, granted) -> {});
  }
}
