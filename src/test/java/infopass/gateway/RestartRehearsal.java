package infopass.gateway;

import static infopass.gateway.RunningGateway.await;

import infopass.gateway.sandbox.Sandbox;
import infopass.gateway.sandbox.SandboxOptions;
import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The gateway as a process of its own, stopped by a signal and started again in the middle of load,
 * ten times. Run on demand, see the performance document.
 */
public final class RestartRehearsal {
  private static final int RESTARTS = Integer.getInteger("restarts", 10);
  private static final int LINKS_BETWEEN = Integer.getInteger("links", 2_000);
  private static final Pattern COUNTED = Pattern.compile("\"possibleDuplicates\":\"?(\\d+)");

  private RestartRehearsal() {}

  public static void main(String[] args) throws Exception {
    Vertx vertx = Vertx.vertx();
    SandboxOptions options =
        SandboxOptions.defaults()
            .withLatency(Duration.ofMillis(20))
            .withFailRate(0.02)
            .withJournalCapacity(1_000_000);
    Sandbox partner = await(new Sandbox(vertx, options).start());
    int port = FreePort.find();
    Path folder = Files.createTempDirectory("restart");
    Files.writeString(
        folder.resolve("gateway.yaml"),
        """
        http: {host: 127.0.0.1, port: %s}
        management: {port: 0}
        infopass: {baseUrl: '%s', retry: {maxAttempts: 6}}
        init: {allowMasked: true}
        """
            .formatted(port, partner.baseUri()));
    ChildProcess gateway = start(folder);
    long counted = 0;
    try (RestartLoad load = new RestartLoad(URI.create("http://127.0.0.1:" + port))) {
      for (int i = 0; i < RESTARTS; i++) {
        load.awaitGranted(LINKS_BETWEEN);
        gateway.terminate();
        counted += ended(gateway);
        gateway = start(folder);
      }
      load.awaitGranted(LINKS_BETWEEN);
      load.end();
      gateway.terminate();
      counted += ended(gateway);
      load.lost().stream().limit(10).forEach(System.out::println);
      System.out.printf(
          Locale.ROOT,
          "%s restarts: %s links, %s lost; %s answered draining, %s connections refused; links made"
              + " twice %s, of which counted as possible %s; answers of somebody else %s%n",
          RESTARTS,
          load.granted(),
          load.lost().size(),
          load.draining(),
          load.refusedConnections(),
          load.duplicates(partner.journal()),
          counted,
          load.crossed(partner.journal()).size());
    } finally {
      gateway.close();
      await(vertx.close());
    }
  }

  private static ChildProcess start(Path folder) {
    ChildProcess gateway = ChildProcess.start(folder, Map.of(), "--conf", "gateway.yaml");
    gateway.awaitReady();
    return gateway;
  }

  /** Waits for its end; how many possible duplicates it says there were. */
  private static long ended(ChildProcess gateway) {
    int code = gateway.awaitExit();
    if (code != 0) {
      throw new AssertionError("exit code " + code);
    }
    return gateway.restOfErrors().stream()
        .map(COUNTED::matcher)
        .filter(Matcher::find)
        .mapToLong(found -> Long.parseLong(found.group(1)))
        .sum();
  }
}
