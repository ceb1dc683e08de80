package infopass.gateway.load;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * How long it takes from the start of the process to the first link, with and without an AOT cache
 * (Java 25 and newer), in rounds that are interleaved. Run on demand, see the performance document.
 */
public final class StartRehearsal {
  private static final int ROUNDS = Integer.getInteger("rounds", 7);
  private static final Duration BETWEEN = Duration.ofMillis(2);
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int FIRST_WITH_CACHE = 25;
  private static final List<String> FLAGS =
      List.of("--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC", "-Xmx128m");
  private static final List<String> FLAGS_OF_IMAGE =
      List.of(
          "--sun-misc-unsafe-memory-access=allow",
          "-Dio.netty.noUnsafe=false",
          "-XX:+UseCompactObjectHeaders");

  private final Settings settings = new Settings();
  private final boolean cached = Runtime.version().feature() >= FIRST_WITH_CACHE;

  private StartRehearsal() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    new StartRehearsal().run();
    System.exit(0);
  }

  private void run() throws IOException, InterruptedException {
    Map<String, List<String>> variants = new LinkedHashMap<>();
    variants.put("as it is", command(List.of()));
    if (cached) {
      Path cache = settings.file("gateway.aot");
      train(cache);
      variants.put("AOT cache", command(List.of("-XX:AOTCache=" + cache)));
    }
    EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    try (FixedPartner partner = new FixedPartner(group.next(), null, Duration.ZERO)) {
      Map<String, List<Double>> taken = new LinkedHashMap<>();
      for (int round = 0; round < ROUNDS; round++) {
        for (Map.Entry<String, List<String>> variant : variants.entrySet()) {
          taken
              .computeIfAbsent(variant.getKey(), first -> new ArrayList<>())
              .add(firstLink(variant.getValue(), partner.port()));
        }
      }
      taken.forEach(StartRehearsal::print);
    } finally {
      group.shutdownGracefully();
    }
  }

  private List<String> command(List<String> more) {
    List<String> command = new ArrayList<>(settings.javaCommand());
    command.addAll(FLAGS);
    if (cached) {
      command.addAll(FLAGS_OF_IMAGE);
    }
    command.addAll(more);
    command.addAll(List.of("-jar", settings.jar().toString()));
    return command;
  }

  private void train(Path cache) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(command(List.of("-XX:AOTCacheOutput=" + cache)));
    command.add("train");
    int code = started(command, "train.log").waitFor();
    System.out.printf("AOT cache: exit code %s, %s MiB%n", code, Files.size(cache) >> 20);
  }

  /** Milliseconds. */
  private double firstLink(List<String> command, int partner)
      throws IOException, InterruptedException {
    int port = Child.freePort();
    Path config =
        settings.write(
            "start.yaml",
            ("http: {host: 127.0.0.1, port: %s}%nmanagement: {port: 0}%n"
                    + "infopass: {baseUrl: 'http://127.0.0.1:%s'}%n")
                .formatted(port, partner));
    List<String> all = new ArrayList<>(command);
    all.addAll(List.of("--conf", config.toString()));
    long begun = System.nanoTime();
    Process process = started(all, "start.log");
    try {
      while (!granted(port)) {
        if (System.nanoTime() - begun > PATIENCE.toNanos()) {
          throw new IOException(Files.readString(settings.file("start.log")));
        }
        Pause.of(BETWEEN);
      }
      return (System.nanoTime() - begun) / 1e6;
    } finally {
      process.destroy();
      process.waitFor(20, TimeUnit.SECONDS);
    }
  }

  private Process started(List<String> command, String output) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(settings.file(output).toFile());
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    return builder.start();
  }

  private static boolean granted(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      socket.getOutputStream().write(Requests.init());
      InputStream in = socket.getInputStream();
      String status = new String(in.readNBytes(12), StandardCharsets.US_ASCII);
      return status.equals("HTTP/1.1 200");
    } catch (IOException notYet) {
      return false;
    }
  }

  private static void print(String variant, List<Double> millis) {
    List<Double> sorted = millis.stream().sorted().toList();
    System.out.printf(
        Locale.ROOT,
        "Java %s, %s: first link after %.0f ms (median of %s, %.0f to %.0f)%n",
        System.getProperty("java.version"),
        variant,
        sorted.get(sorted.size() / 2),
        sorted.size(),
        sorted.get(0),
        sorted.get(sorted.size() - 1));
  }
}
