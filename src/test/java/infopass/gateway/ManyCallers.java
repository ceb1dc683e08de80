package infopass.gateway;

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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Callers who each send one request after the other, with a correlation id and a name of its own,
 * and look whether the answer is theirs. For the thread of a test.
 */
final class ManyCallers implements AutoCloseable {
  private final Vertx vertx = Vertx.vertx();
  private final Set<String> links = ConcurrentHashMap.newKeySet();
  private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<String> crossed = new ConcurrentLinkedQueue<>();
  private final HttpClient client;
  private final int callers;
  private final int requestsEach;

  ManyCallers(int port, int callers, int requestsEach) {
    this.callers = callers;
    this.requestsEach = requestsEach;
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions().setDefaultPort(port).setDefaultHost("127.0.0.1"),
            new PoolOptions().setHttp1MaxSize(callers));
  }

  /** Until all are answered. */
  void run(Duration patience) {
    List<Future<Void>> all = new ArrayList<>();
    for (int caller = 0; caller < callers; caller++) {
      Promise<Void> done = Promise.promise();
      all.add(done.future());
      call(caller, 0, done);
    }
    RunningGateway.await(Future.all(all), patience);
  }

  /** "correlation-id client-id" of each link. */
  Set<String> links() {
    return links;
  }

  /** What was answered with anything but a link. */
  List<String> failures() {
    return List.copyOf(failures);
  }

  /** What was answered with something of another request's. */
  List<String> crossed() {
    return List.copyOf(crossed);
  }

  private void call(int caller, int n, Promise<Void> done) {
    if (n == requestsEach) {
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
                    .onSuccess(
                        body ->
                            check(
                                id,
                                response.statusCode(),
                                response.getHeader("X-Correlation-Id"),
                                body)))
        .onFailure(cause -> failures.add(id + ": " + cause))
        .onComplete(answered -> call(caller, n + 1, done));
  }

  private void check(String id, int status, String header, Buffer content) {
    JsonObject body = new JsonObject(content);
    if (!id.equals(header) || !id.equals(body.getString("correlationId"))) {
      crossed.add(id + ": " + status + " " + header + " " + body);
    }
    if (status != 200) {
      failures.add(id + ": " + status + " " + body);
      return;
    }
    String clientId = body.getJsonObject("data").getString("clientId");
    if (!body.getJsonObject("countdown").getString("url").contains("/" + clientId + "?")) {
      crossed.add(id + ": the countdown is another session's");
    }
    links.add(id + ' ' + clientId);
  }

  @Override
  public void close() {
    RunningGateway.await(vertx.close());
  }
}
