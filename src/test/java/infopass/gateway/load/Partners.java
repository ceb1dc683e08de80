package infopass.gateway.load;

import infopass.gateway.TestCertificates;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Starts partners, on the core that they share with the driver. */
final class Partners {
  private final Settings settings;
  private final Cores cores;
  private final TestCertificates.Made certificate;

  Partners(Settings settings, Cores cores) {
    this.settings = settings;
    this.cores = cores;
    try {
      Files.deleteIfExists(settings.file("partner.p12"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    certificate = new TestCertificates(settings.file("")).loopback("partner");
  }

  /** The sandbox, with these options of its command. */
  Partner sandbox(String... options) {
    int port = Child.freePort();
    List<String> command = java();
    command.addAll(
        List.of("-jar", settings.jar().toString(), "sandbox", "--port", Integer.toString(port)));
    command.addAll(List.of(options));
    return new Partner(port, null, Child.start(settings.file("sandbox.log"), command, port));
  }

  /** The sandbox with TLS. */
  Partner secureSandbox() {
    int port = Child.freePort();
    List<String> command = java();
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            TlsSandbox.class.getName(),
            Integer.toString(port),
            certificate.certificate().toString(),
            certificate.key().toString()));
    Child child = Child.start(settings.file("sandbox.log"), command, port);
    return new Partner(port, certificate.certificate(), child);
  }

  /** One that costs next to nothing, in this process. */
  Partner fixed(EventLoop loop, boolean secure) {
    FixedPartner partner = new FixedPartner(loop, secure ? context() : null, Duration.ZERO);
    return new Partner(partner.port(), secure ? certificate.certificate() : null, partner);
  }

  /** The same, which takes its time. */
  Partner slow(EventLoop loop, Duration latency) {
    FixedPartner partner = new FixedPartner(loop, null, latency);
    return new Partner(partner.port(), null, partner);
  }

  /** A caller's side, for who goes to a secure partner without a relay. */
  SslContext trusting() {
    try {
      return SslContextBuilder.forClient()
          .trustManager(certificate.certificate().toFile())
          .sslProvider(SslProvider.OPENSSL)
          .endpointIdentificationAlgorithm(null)
          .build();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private SslContext context() {
    try {
      return SslContextBuilder.forServer(
              certificate.certificate().toFile(), certificate.key().toFile())
          .sslProvider(SslProvider.OPENSSL)
          .build();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<String> java() {
    List<String> command = new ArrayList<>(cores.ofOthers());
    command.addAll(settings.javaCommand());
    command.addAll(List.of("-Xmx512m", "-XX:+UseSerialGC"));
    return command;
  }
}
