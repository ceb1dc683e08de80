package infopass.gateway.load;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.OpenSSLEngineOptions;
import io.vertx.core.net.PemTrustOptions;
import java.net.URI;

/**
 * The least that a Vert.x server and a Vert.x client can do: they pass request and answer on, whole
 * and unread. What the gateway takes beyond this is the price of what it does.
 */
public final class BareRelay extends VerticleBase {
  private static final int CONNECTIONS = 128;

  private final int port;
  private final URI partner;
  private final String trusted;
  private HttpClient client;

  private BareRelay(int port, URI partner, String trusted) {
    this.port = port;
    this.partner = partner;
    this.trusted = trusted;
  }

  /** Arguments: the port to listen on, the partner's address, the certificate to trust. */
  public static void main(String[] args) {
    int loops = Runtime.getRuntime().availableProcessors();
    int port = Integer.parseInt(args[0]);
    String trusted = args.length > 2 ? args[2] : null;
    Vertx.vertx(new VertxOptions().setEventLoopPoolSize(loops).setPreferNativeTransport(true))
        .deployVerticle(
            () -> new BareRelay(port, URI.create(args[1]), trusted),
            new DeploymentOptions().setInstances(loops))
        .onSuccess(id -> System.out.println("ready: http://127.0.0.1:" + port))
        .onFailure(
            cause -> {
              System.err.println(cause);
              System.exit(1);
            });
  }

  @Override
  public Future<?> start() {
    HttpClientOptions options =
        new HttpClientOptions()
            .setDefaultHost(partner.getHost())
            .setDefaultPort(partner.getPort())
            .setSsl(trusted != null);
    if (trusted != null) {
      options
          .setTrustOptions(new PemTrustOptions().addCertPath(trusted))
          .setSslEngineOptions(new OpenSSLEngineOptions());
    }
    client = vertx.createHttpClient(options, new PoolOptions().setHttp1MaxSize(CONNECTIONS));
    return vertx
        .createHttpServer(new HttpServerOptions().setHost("127.0.0.1").setPort(port))
        .requestHandler(this::relay)
        .listen();
  }

  private void relay(HttpServerRequest request) {
    request
        .body()
        .compose(body -> ask(request, body))
        .compose(
            answer -> {
              request
                  .response()
                  .setStatusCode(answer.statusCode())
                  .putHeader(HttpHeaders.CONTENT_TYPE, answer.getHeader(HttpHeaders.CONTENT_TYPE));
              return answer.body();
            })
        .onSuccess(body -> request.response().end(body))
        .onFailure(cause -> request.response().setStatusCode(502).end());
  }

  private Future<HttpClientResponse> ask(HttpServerRequest request, Buffer body) {
    return client
        .request(new RequestOptions().setMethod(HttpMethod.POST).setURI(request.uri()))
        .compose(
            asked ->
                asked
                    .putHeader(
                        HttpHeaders.AUTHORIZATION, request.getHeader(HttpHeaders.AUTHORIZATION))
                    .putHeader(
                        HttpHeaders.CONTENT_TYPE, request.getHeader(HttpHeaders.CONTENT_TYPE))
                    .send(body));
  }
}
