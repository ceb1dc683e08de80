package infopass.gateway.sandbox;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Clock;
import java.time.Instant;

/** Tells the partner's call from the calls for the journal. One for each event loop. */
final class SandboxRoutes implements Handler<HttpServerRequest> {

  static final String INIT = "/api/v1/in/digilocker/init";
  static final String JOURNAL = "/_sandbox/journal";

  private static final int BODY_LIMIT_BYTES = 64 * 1024;

  private final Vertx vertx;
  private final Clock clock;
  private final FrontDesk desk;
  private final Journal journal;
  private final Receipts receipts;
  private final HttpDate date;

  SandboxRoutes(Vertx vertx, Clock clock, FrontDesk desk, Journal journal, Receipts receipts) {
    this.vertx = vertx;
    this.clock = clock;
    this.desk = desk;
    this.journal = journal;
    this.receipts = receipts;
    this.date = new HttpDate(clock);
  }

  @Override
  public void handle(HttpServerRequest request) {
    String path = request.path();
    HttpMethod method = request.method();
    if (INIT.equals(path) && HttpMethod.POST.equals(method)) {
      init(request);
    } else if (JOURNAL.equals(path) && HttpMethod.GET.equals(method)) {
      showJournal(request);
    } else if (JOURNAL.equals(path) && HttpMethod.DELETE.equals(method)) {
      journal.clear();
      dated(request).setStatusCode(204).end();
    } else {
      notFound(request);
    }
  }

  private void init(HttpServerRequest request) {
    Instant at = clock.instant();
    BoundedBody.collect(
        request,
        BODY_LIMIT_BYTES,
        body -> answer(at, request, body, desk.replyTo(request.getHeader("Authorization"), body)),
        () -> answer(at, request, null, desk.tooLarge()));
  }

  private void notFound(HttpServerRequest request) {
    Reply reply = Reply.of(Answer.json(404, Documents.failure(404, "There is no such thing.")));
    answer(clock.instant(), request, null, reply);
  }

  private void answer(Instant at, HttpServerRequest request, byte[] body, Reply reply) {
    receipts.enter(at, request, body, reply);
    if (reply.delayMillis() == 0) {
      send(request, reply.answer());
    } else {
      vertx.setTimer(reply.delayMillis(), id -> send(request, reply.answer()));
    }
  }

  private void send(HttpServerRequest request, Answer answer) {
    if (!request.response().closed()) {
      dated(request);
      answer.send(request, vertx);
    }
  }

  private void showJournal(HttpServerRequest request) {
    vertx
        .executeBlocking(() -> JournalJson.of(journal.entries()), false)
        .onSuccess(
            json ->
                dated(request)
                    .putHeader(HttpHeaders.CONTENT_TYPE, Answer.JSON)
                    .end(Buffer.buffer(json)))
        .onFailure(failure -> dated(request).setStatusCode(500).end());
  }

  private HttpServerResponse dated(HttpServerRequest request) {
    return request.response().putHeader(HttpHeaders.DATE, date.now());
  }
}
