package infopass.gateway.sandbox;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Calls a sandbox and waits, not for ever, for what it says. */
final class Caller {

  /** User "sandbox", password "sandbox". */
  static final String AUTHORIZATION = "Basic c2FuZGJveDpzYW5kYm94";

  private static final int PATIENCE_SECONDS = 5;

  private final HttpClient client;
  private final URI base;

  Caller(Vertx vertx, Sandbox sandbox) {
    this(vertx, sandbox, new HttpClientOptions());
  }

  Caller(Vertx vertx, Sandbox sandbox, HttpClientOptions options) {
    this.client = vertx.createHttpClient(options);
    this.base = sandbox.baseUri();
  }

  /** An answer that was received whole. */
  record Answered(int status, HttpVersion version, MultiMap headers, Buffer body) {
    JsonObject json() {
      return body.toJsonObject();
    }

    JsonObject data() {
      return json().getJsonObject("data");
    }

    DecodedToken token() {
      return DecodedToken.of(data().getString("token"));
    }
  }

  static String body(String name) {
    return new JsonObject()
        .put("name", name)
        .put("email", "ku@example.com")
        .put("mobile", "9650000986")
        .put("redirectUrl", "https://infopass.in")
        .put("state", "Uttar Pradesh")
        .encode();
  }

  Answered init(String name) {
    return init(body(name), Map.of("Authorization", AUTHORIZATION));
  }

  Answered init(String body, Map<String, String> headers) {
    return await(sendInit(body, headers));
  }

  Future<Answered> sendInit(String name) {
    return sendInit(body(name), Map.of("Authorization", AUTHORIZATION));
  }

  Answered call(HttpMethod method, String path) {
    return await(send(method, path, "", Map.of()));
  }

  private Future<Answered> sendInit(String body, Map<String, String> headers) {
    return send(HttpMethod.POST, SandboxRoutes.INIT, body, headers);
  }

  private Future<Answered> send(
      HttpMethod method, String path, String body, Map<String, String> headers) {
    RequestOptions options =
        new RequestOptions()
            .setMethod(method)
            .setSsl(base.getScheme().equals("https"))
            .setHost(base.getHost())
            .setPort(base.getPort())
            .setURI(path);
    headers.forEach(options::putHeader);
    return client
        .request(options)
        .compose(request -> request.send(Buffer.buffer(body)))
        .compose(
            response ->
                response
                    .body()
                    .map(
                        received ->
                            new Answered(
                                response.statusCode(),
                                response.version(),
                                response.headers(),
                                received)));
  }

  static <T> T await(Future<T> future) {
    try {
      return future
          .toCompletionStage()
          .toCompletableFuture()
          .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (TimeoutException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
