package infopass.gateway;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;

/**
 * Connections of HTTP/2 that let no answer through, to a gateway with a small heap: what each keeps
 * alive there, and whether the process still serves and stops. Run on demand, see the robustness
 * document. Fails where a bound is passed.
 */
public final class BlockedAnswersRehearsal {
  private static final int CONNECTIONS = Integer.getInteger("rehearsal.connections", 2_000);
  private static final int STREAMS = Integer.getInteger("rehearsal.streams", 95);
  private static final int ROUNDS = Integer.getInteger("rehearsal.rounds", 3);
  private static final String HEAP = System.getProperty("rehearsal.heap", "256m");
  private static final int ENDS = RawHttp2.END_HEADERS | RawHttp2.END_STREAM;

  /** GET, https, the path of a slash, and localhost, which the other end remembers. */
  private static final byte[] FIRST = {
    (byte) 0x82, (byte) 0x87, (byte) 0x84, 0x41, 9, 'l', 'o', 'c', 'a', 'l', 'h', 'o', 's', 't'
  };

  /** The same, from the table: as few bytes as a request can be. */
  private static final byte[] NEXT = {(byte) 0x82, (byte) 0x87, (byte) 0x84, (byte) 0xbe};

  private static final long MOST_PER_CONNECTION = 256 * 1024;
  private static final int MOST_TIMES_SENT = 8;
  private static final int OPENED_AT_ONCE = 8;
  private static final Pattern PORT = Pattern.compile("ready: https://[^:]+:(\\d+) .*");
  private static final Pattern TOTAL = Pattern.compile("Total +\\d+ +(\\d+)");

  private BlockedAnswersRehearsal() {}

  public static void main(String[] args) throws Exception {
    Path directory = Files.createTempDirectory("rehearsal");
    TestCertificates.Made made = new TestCertificates(directory).loopback("public");
    SSLContext tls = TestCertificates.context(made, null);
    Path conf = directory.resolve("gateway.yaml");
    Files.writeString(
        conf,
        """
        http: {host: 127.0.0.1, port: 0, tls: {certificate: '%s', key: '%s'}}
        management: {port: 0}
        infopass: {baseUrl: 'http://127.0.0.1:9'}
        """
            .formatted(made.certificate(), made.key()));
    List<String> command =
        List.of(
            java("java"),
            "-Xmx" + HEAP,
            "-XX:+UseSerialGC",
            "-XX:+ExitOnOutOfMemoryError",
            "-cp",
            System.getProperty("java.class.path"),
            "infopass.gateway.Main",
            "--conf",
            conf.toString());
    java.lang.Process gateway =
        new ProcessBuilder(command).redirectError(directory.resolve("errors").toFile()).start();
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(gateway.getInputStream(), StandardCharsets.UTF_8))) {
      Matcher ready = PORT.matcher(String.valueOf(out.readLine()));
      if (!ready.matches()) {
        throw new IllegalStateException(Files.readString(directory.resolve("errors")));
      }
      for (int round = 0; round < ROUNDS; round++) {
        attack(gateway, Integer.parseInt(ready.group(1)), tls);
      }
      gateway.destroy();
      check(gateway.waitFor(60, TimeUnit.SECONDS) && gateway.exitValue() == 0, "did not stop");
    } finally {
      gateway.destroyForcibly();
    }
  }

  private static String java(String tool) {
    return Path.of(System.getProperty("java.home"), "bin", tool).toString();
  }

  private static void attack(java.lang.Process gateway, int port, SSLContext tls) throws Exception {
    byte[] first = RawHttp2.frame(RawHttp2.HEADERS, ENDS, 1, FIRST);
    ByteArrayOutputStream blocked = new ByteArrayOutputStream();
    blocked.writeBytes(RawHttp2.frame(RawHttp2.SETTINGS, 0, 0, new byte[] {0, 4, 0, 0, 0, 0}));
    for (int i = 1; i <= STREAMS; i++) {
      blocked.writeBytes(RawHttp2.frame(RawHttp2.HEADERS, ENDS, 2 * i + 1, NEXT));
    }
    ExecutorService threads = Executors.newFixedThreadPool(OPENED_AT_ONCE);
    List<RawHttp2> open = new ArrayList<>();
    try {
      open.addAll(
          each(
              threads,
              List.copyOf(Collections.nCopies(CONNECTIONS, 0)),
              nothing -> {
                RawHttp2 connection = RawHttp2.to(port, tls).begin().send(first);
                connection.await(RawHttp2.DATA, 1);
                return connection;
              }));
      long before = live(gateway);
      List<Integer> answered =
          each(threads, open, connection -> ask(connection, blocked.toByteArray()));
      long kept = live(gateway) - before;
      try (RawHttp2 other = RawHttp2.to(port, tls).begin().send(first)) {
        check(other.await(RawHttp2.DATA, 1) != null, "does not serve");
      }
      double each = (double) kept / CONNECTIONS;
      double times = each / blocked.size();
      System.out.printf(
          Locale.ROOT,
          "%d connections, %d of them ended, %d bytes sent on each: %.1f MiB live before, %.1f MiB more,"
              + " %.1f KiB each, %.1f times the bytes sent%n",
          CONNECTIONS,
          answered.stream().filter(count -> count < 0).count(),
          blocked.size(),
          before / 1048576.0,
          kept / 1048576.0,
          each / 1024,
          times);
      check(each <= MOST_PER_CONNECTION, "too much for each connection");
      check(times <= MOST_TIMES_SENT, "too much for what was sent");
    } finally {
      each(
          threads,
          open,
          connection -> {
            connection.close();
            return connection;
          });
      threads.shutdownNow();
    }
  }

  /** Sends, and waits until each request has been answered, without its content, or refused. */
  private static int ask(RawHttp2 connection, byte[] requests) {
    int answered = 0;
    try {
      connection.send(requests);
      int done = 0;
      for (RawHttp2.Frame frame = connection.read(); frame != null; frame = connection.read()) {
        answered += frame.type() == RawHttp2.HEADERS ? 1 : 0;
        done += frame.type() == RawHttp2.HEADERS || frame.type() == RawHttp2.RST_STREAM ? 1 : 0;
        if (done == STREAMS) {
          return answered;
        }
      }
      return -1;
    } catch (UncheckedIOException ended) {
      return -1;
    }
  }

  private interface Step<A, B> {
    B apply(A given) throws Exception;
  }

  private static <A, B> List<B> each(ExecutorService threads, List<A> all, Step<A, B> step)
      throws Exception {
    List<Future<B>> begun = new ArrayList<>();
    for (A one : all) {
      begun.add(threads.submit(() -> step.apply(one)));
    }
    List<B> done = new ArrayList<>();
    for (Future<B> one : begun) {
      done.add(one.get());
    }
    return done;
  }

  /** Bytes of what is reachable in the heap, after a collection. */
  private static long live(java.lang.Process gateway) throws Exception {
    java.lang.Process histogram =
        new ProcessBuilder(java("jcmd"), Long.toString(gateway.pid()), "GC.class_histogram")
            .redirectErrorStream(true)
            .start();
    String text = new String(histogram.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    Matcher total = TOTAL.matcher(text);
    if (!total.find()) {
      throw new IllegalStateException("no histogram: " + text);
    }
    return Long.parseLong(total.group(1));
  }

  private static void check(boolean holds, String fault) {
    if (!holds) {
      throw new IllegalStateException(fault);
    }
  }
}
