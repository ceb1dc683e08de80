package infopass.gateway;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** A partner over real sockets that keeps what it was sent and answers as it is told. */
final class BarePartner implements AutoCloseable {
  /** What it was sent, with all that the sandbox's journal leaves out. */
  record Received(String authorization, String body) {}

  /** What it says. */
  record Says(int status, String body) {}

  private final Vertx vertx = Vertx.vertx();
  private final List<Received> received = new CopyOnWriteArrayList<>();
  private final Function<Received, Says> script;
  private final int port;

  private BarePartner(Function<Received, Says> script) {
    this.script = script;
    this.port =
        RunningGateway.await(
                vertx
                    .createHttpServer(new HttpServerOptions().setHost("127.0.0.1").setPort(0))
                    .requestHandler(this::answer)
                    .listen())
            .actualPort();
  }

  static BarePartner saying(Function<Received, Says> script) {
    return new BarePartner(script);
  }

  /** One that gives everybody a link. */
  static BarePartner granting(String clientId) {
    String envelope =
        "{\"code\":\"0x0200\",\"message\":\"Record found successful.\",\"status\":\"SUCCESS\","
            + "\"data\":{\"clientId\":\""
            + clientId
            + "\",\"token\":\"t\",\"url\":\"https://digilocker-sdk.notbot.in/?token=t\","
            + "\"expirySeconds\":600}}";
    return saying(received -> new Says(200, envelope));
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + port);
  }

  List<Received> received() {
    return List.copyOf(received);
  }

  private void answer(HttpServerRequest request) {
    request
        .body()
        .onSuccess(
            body -> {
              Received one = new Received(request.getHeader("Authorization"), body.toString());
              received.add(one);
              Says says = script.apply(one);
              request
                  .response()
                  .setStatusCode(says.status())
                  .putHeader("Content-Type", "application/json")
                  .end(says.body());
            });
  }

  @Override
  public void close() {
    RunningGateway.await(vertx.close());
  }
}
