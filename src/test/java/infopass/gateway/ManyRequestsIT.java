package infopass.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.util.ResourceLeakDetector;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Many callers at once: no answer is lost, failed, or somebody else's. */
class ManyRequestsIT {
  private static final int CALLERS = 200;
  private static final int REQUESTS_EACH = 100;

  private final ResourceLeakDetector.Level level = ResourceLeakDetector.getLevel();
  private final Vertx vertx = Vertx.vertx();
  private final Set<String> clientIds = ConcurrentHashMap.newKeySet();
  private final ConcurrentLinkedQueue<String> errors = new ConcurrentLinkedQueue<>();

  /** Following every buffer would take most of the time; the other tests do. */
  @BeforeEach
  void followFewBuffers() {
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.SIMPLE);
  }

  @AfterEach
  void followAsBefore() {
    ResourceLeakDetector.setLevel(level);
  }

  @Test
  void everyOneOfManyCallersGetsItsOwnAnswer() throws Exception {
    try (RunningGateway gateway = RunningGateway.start()) {
      // Given
      HttpClient client =
          vertx.createHttpClient(
              new HttpClientOptions().setDefaultPort(gateway.port()).setDefaultHost("127.0.0.1"),
              new PoolOptions().setHttp1MaxSize(CALLERS));

      // When
      List<Future<Void>> callers = new ArrayList<>();
      for (int caller = 0; caller < CALLERS; caller++) {
        Promise<Void> done = Promise.promise();
        callers.add(done.future());
        call(client, caller, 0, done);
      }
      // A few seconds on a quiet machine; the bound is for one that is not.
      Future.all(callers).toCompletionStage().toCompletableFuture().get(2, TimeUnit.MINUTES);

      // Then
      assertEquals(List.of(), errors.stream().limit(5).toList());
      assertEquals(CALLERS * REQUESTS_EACH, clientIds.size());
      assertEquals(CALLERS * REQUESTS_EACH, gateway.journal().total());
      gateway
          .journal()
          .entries()
          .forEach(entry -> clientIds.remove(entry.correlationId() + ' ' + entry.clientId()));
      assertEquals(0, clientIds.size(), "answers that the partner gave to somebody else");
    } finally {
      RunningGateway.await(vertx.close());
    }
  }

  private void call(HttpClient client, int caller, int n, Promise<Void> done) {
    if (n == REQUESTS_EACH || !errors.isEmpty()) {
      done.complete();
      return;
    }
    String id = "caller-" + caller + ":" + n;
    RequestOptions options =
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setURI(RunningGateway.INIT)
            .putHeader("Authorization", RunningGateway.basic("user-" + caller, "pass"))
            .putHeader("Content-Type", "application/json")
            .putHeader("X-Correlation-Id", id);
    client
        .request(options)
        .compose(request -> request.send(Buffer.buffer(RunningGateway.body("Caller " + id))))
        .compose(
            response ->
                response
                    .body()
                    .map(
                        body -> {
                          check(
                              id,
                              response.statusCode(),
                              response.getHeader("X-Correlation-Id"),
                              body);
                          return body;
                        }))
        .onFailure(cause -> errors.add(id + ": " + cause))
        .onComplete(answered -> call(client, caller, n + 1, done));
  }

  private void check(String id, int status, String header, Buffer content) {
    JsonObject body = new JsonObject(content);
    if (status != 200 || !id.equals(header) || !id.equals(body.getString("correlationId"))) {
      errors.add(id + ": " + status + " " + header + " " + body);
      return;
    }
    String clientId = body.getJsonObject("data").getString("clientId");
    if (!body.getJsonObject("countdown").getString("url").contains("/" + clientId + "?")) {
      errors.add(id + ": the countdown is another session's");
    }
    clientIds.add(id + ' ' + clientId);
  }
}
