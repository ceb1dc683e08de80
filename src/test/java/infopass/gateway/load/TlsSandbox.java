package infopass.gateway.load;

import infopass.gateway.sandbox.Sandbox;
import infopass.gateway.sandbox.SandboxOptions;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.net.PemKeyCertOptions;

/** The sandbox with TLS, which its own command does not offer, in a process of its own. */
public final class TlsSandbox {
  private TlsSandbox() {}

  /** Arguments: the port, a certificate and its key, both PEM. */
  public static void main(String[] args) {
    SandboxOptions options = SandboxOptions.defaults().withPort(Integer.parseInt(args[0]));
    Vertx vertx =
        Vertx.vertx(
            new VertxOptions()
                .setEventLoopPoolSize(options.instances())
                .setPreferNativeTransport(true));
    new Sandbox(vertx, options)
        .withTls(new PemKeyCertOptions().setCertPath(args[1]).setKeyPath(args[2]))
        .start()
        .onFailure(
            cause -> {
              System.err.println(cause);
              System.exit(1);
            });
  }
}
