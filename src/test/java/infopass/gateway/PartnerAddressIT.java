package infopass.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import infopass.gateway.infopass.HostResolver;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where the partner is: its names, its addresses, and the proxy on the way to it. */
@Timeout(60)
class PartnerAddressIT {
  private static final String ONCE =
      "infopass: {instances: 1, retry: {maxAttempts: 1}, circuitBreaker: {minimumCalls: 1000}";

  /** One end of what listens; answers each connection as the test says. */
  private interface Talk {
    void with(Socket connection, InputStream in, OutputStream out) throws IOException;
  }

  private static final class Listener implements AutoCloseable {
    private final ServerSocket socket;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    Listener(InetAddress address, Talk talk) throws IOException {
      socket = new ServerSocket(0, 50, address);
      threads.execute(
          () -> {
            while (!socket.isClosed()) {
              try {
                Socket connection = socket.accept();
                threads.execute(() -> talk(connection, talk));
              } catch (IOException closed) {
                return;
              }
            }
          });
    }

    private static void talk(Socket connection, Talk talk) {
      try (connection) {
        connection.setSoTimeout(20_000);
        talk.with(connection, connection.getInputStream(), connection.getOutputStream());
      } catch (IOException gone) {
        // What the other side makes of it is what the test looks at.
      }
    }

    int port() {
      return socket.getLocalPort();
    }

    @Override
    public void close() throws IOException {
      socket.close();
      threads.shutdownNow();
    }
  }

  /** A partner that grants every init, and notes the heads. */
  private static Talk granting(List<String> heads) {
    return (connection, in, out) -> {
      while (true) {
        String head = head(in);
        if (head.isEmpty()) {
          return;
        }
        heads.add(head);
        body(head, in);
        out.write(ScriptedPartner.link(1).getBytes(ISO_8859_1));
        out.flush();
      }
    };
  }

  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int c = in.read();
      if (c < 0) {
        return "";
      }
      head.append((char) c);
    }
    return head.toString();
  }

  private static void body(String head, InputStream in) throws IOException {
    int at = head.toLowerCase(java.util.Locale.ROOT).indexOf("content-length: ");
    int length =
        at < 0 ? 0 : Integer.parseInt(head.substring(at + 16, head.indexOf('\r', at)).strip());
    in.readNBytes(length);
  }

  private static List<InetAddress> addresses(String... literals) throws UnknownHostException {
    List<InetAddress> all = new ArrayList<>();
    for (String literal : literals) {
      all.add(InetAddress.getByName(literal));
    }
    return all;
  }

  private static String metrics(RunningGateway gateway) {
    return gateway.getManagement("/metrics").body();
  }

  @Test
  void theNextAddressIsTriedWhereTheFirstRefuses() throws Exception {
    List<String> heads = new CopyOnWriteArrayList<>();
    HostResolver both = host -> addresses("127.0.0.2", "::1", "127.0.0.1");
    try (Listener partner = new Listener(InetAddress.getByName("127.0.0.1"), granting(heads));
        RunningGateway gateway =
            RunningGateway.startAgainst(
                URI.create("http://partner.test:" + partner.port()), both, ONCE + "}")) {
      for (int i = 0; i < 3; i++) {
        assertEquals(200, gateway.initFor("Test Kumar").statusCode());
      }
      assertTrue(heads.get(0).contains("host: partner.test:" + partner.port()), heads.get(0));
    }
  }

  @Test
  void aChangeOfTheAddressIsFollowed() throws Exception {
    List<String> heads = new CopyOnWriteArrayList<>();
    AtomicReference<String> address = new AtomicReference<>("127.0.0.2");
    HostResolver changing = host -> addresses(address.get());
    try (Listener partner = new Listener(InetAddress.getByName("127.0.0.1"), granting(heads));
        RunningGateway gateway =
            RunningGateway.startAgainst(
                URI.create("http://partner.test:" + partner.port()), changing, ONCE + "}")) {
      // Given
      assertEquals(502, gateway.initFor("Test Kumar").statusCode());

      // When
      address.set("127.0.0.1");

      // Then: within seconds
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(40);
      while (gateway.initFor("Test Kumar").statusCode() != 200) {
        assertTrue(System.nanoTime() < end, "it was not followed");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "http://part_ner.test, part_ner.test",
    "http://\u0909\u0926\u093e\u0939\u0930\u0923.test, xn--p1b6ci4b4b3a.test",
    "http://[::1], [::1]",
    "http://127.0.0.1, 127.0.0.1"
  })
  void everyHostIsNamedAsItIs(String base, String host) throws Exception {
    List<String> heads = new CopyOnWriteArrayList<>();
    boolean six = host.startsWith("[");
    InetAddress at = InetAddress.getByName(six ? "::1" : "127.0.0.1");
    try (Listener partner = new Listener(at, granting(heads));
        RunningGateway gateway =
            RunningGateway.startAgainst(
                URI.create(base + ":" + partner.port()), name -> List.of(at), ONCE + "}")) {
      assertEquals(200, gateway.initFor("Test Kumar").statusCode());
      assertTrue(heads.get(0).contains("host: " + host + ":" + partner.port()), heads.get(0));
    }
  }

  @Test
  void saysWhyThePartnerCannotBeReached() throws Exception {
    HostResolver none =
        host -> {
          throw new UnknownHostException(host);
        };
    try (RunningGateway gateway =
        RunningGateway.startAgainst(URI.create("http://partner.test:1"), none, ONCE + "}")) {
      Problems.check(gateway.initFor("Test Kumar"), 502, "upstream-unreachable");
      assertTrue(metrics(gateway).contains("infopass_unreachable_total{cause=\"dns\"} 1.0"));
    }
    HostResolver refusing = host -> addresses("127.0.0.1");
    URI nobody = URI.create("http://partner.test:" + FreePort.find());
    try (RunningGateway gateway = RunningGateway.startAgainst(nobody, refusing, ONCE + "}")) {
      Problems.check(gateway.initFor("Test Kumar"), 502, "upstream-unreachable");
      assertTrue(metrics(gateway).contains("infopass_unreachable_total{cause=\"refused\"} 1.0"));
    }
  }

  private static String through(int port, String type) {
    return ONCE
        + ", proxy: {host: 127.0.0.1, port: "
        + port
        + ", type: "
        + type
        + ", username: corp, password: secret}}";
  }

  @Test
  void goesThroughAnHttpProxyWithItsCredentials() throws Exception {
    List<String> heads = new CopyOnWriteArrayList<>();
    try (Listener proxy = new Listener(InetAddress.getByName("127.0.0.1"), granting(heads));
        RunningGateway gateway =
            RunningGateway.startAgainst(
                URI.create("http://partner.test:8089"), through(proxy.port(), "http"))) {
      HttpResponse<String> answer = gateway.initFor("Test Kumar");
      assertEquals(200, answer.statusCode(), answer.body());
      String head = heads.get(0);
      assertTrue(head.startsWith("POST http://partner.test:8089/api/v1/"), head);
      String basic = Base64.getEncoder().encodeToString("corp:secret".getBytes(ISO_8859_1));
      assertTrue(head.toLowerCase(java.util.Locale.ROOT).contains("proxy-authorization"), head);
      assertTrue(head.contains(basic), head);
    }
  }

  @Test
  void goesThroughASocksProxy() throws Exception {
    List<String> heads = new CopyOnWriteArrayList<>();
    List<String> named = new CopyOnWriteArrayList<>();
    Talk socks =
        (connection, in, out) -> {
          in.readNBytes(1);
          in.readNBytes(in.read());
          out.write(new byte[] {5, 2}); // Name and password are wanted.
          in.readNBytes(1);
          in.readNBytes(in.read());
          in.readNBytes(in.read());
          out.write(new byte[] {1, 0});
          in.readNBytes(4);
          named.add(new String(in.readNBytes(in.read()), ISO_8859_1));
          in.readNBytes(2);
          out.write(new byte[] {5, 0, 0, 1, 0, 0, 0, 0, 0, 0});
          granting(heads).with(connection, in, out);
        };
    try (Listener proxy = new Listener(InetAddress.getByName("127.0.0.1"), socks);
        RunningGateway gateway =
            RunningGateway.startAgainst(
                URI.create("http://partner.test:8089"), through(proxy.port(), "socks5"))) {
      HttpResponse<String> answer = gateway.initFor("Test Kumar");
      assertEquals(200, answer.statusCode(), answer.body());
      assertEquals(List.of("partner.test"), named);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "https://partner.test, 407 Proxy Authentication Required",
    "https://partner.test, 403 Forbidden",
    "http://partner.test, 407 Proxy Authentication Required"
  })
  void theProxysFailuresAreToldFromThePartners(String base, String status) throws Exception {
    Talk refusing =
        (connection, in, out) -> {
          String head = head(in);
          body(head, in);
          out.write(("HTTP/1.1 " + status + "\r\nContent-Length: 0\r\n\r\n").getBytes(ISO_8859_1));
          out.flush();
        };
    try (Listener proxy = new Listener(InetAddress.getByName("127.0.0.1"), refusing);
        RunningGateway gateway =
            RunningGateway.startAgainst(URI.create(base), through(proxy.port(), "http"))) {
      assertEquals(
          "not-sent",
          Problems.check(gateway.initFor("Test Kumar"), 502, "upstream-unreachable")
              .getString("outcome"));
      assertTrue(
          metrics(gateway).contains("infopass_unreachable_total{cause=\"proxy\"} 1.0"),
          () -> metrics(gateway).lines().filter(l -> l.contains("unreachable")).toList() + "");
    }
  }

  @Test
  void spansGoThroughAnHttpProxyToo() throws Exception {
    List<String> heads = new CopyOnWriteArrayList<>();
    try (Listener proxy = new Listener(InetAddress.getByName("127.0.0.1"), granting(heads))) {
      String yaml =
          through(proxy.port(), "http")
              + "\ntracing: {otlpEndpoint: 'http://collector.test:4318', sampleRatio: 1}";
      try (RunningGateway gateway =
          RunningGateway.startAgainst(URI.create("http://partner.test:8089"), yaml)) {
        assertEquals(200, gateway.initFor("Test Kumar").statusCode());
      }
      String basic = Base64.getEncoder().encodeToString("corp:secret".getBytes(ISO_8859_1));
      assertTrue(
          heads.stream()
              .anyMatch(
                  head ->
                      head.startsWith("POST http://collector.test:4318/v1/traces")
                          && head.contains(basic)),
          heads::toString);
    }
  }

  @Test
  void hostsOfItsOwnAreReachedWithoutTheProxy() throws Exception {
    List<String> heads = new CopyOnWriteArrayList<>();
    try (Listener partner = new Listener(InetAddress.getByName("127.0.0.1"), granting(heads));
        RunningGateway gateway =
            RunningGateway.startAgainst(
                URI.create("http://api.partner.test:" + partner.port()),
                host -> addresses("127.0.0.1"),
                ONCE + ", proxy: {host: 127.0.0.1, port: 9, nonProxyHosts: ['*.partner.test']}}")) {
      assertEquals(200, gateway.initFor("Test Kumar").statusCode());
    }
  }
}
