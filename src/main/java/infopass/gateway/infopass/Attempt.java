package infopass.gateway.infopass;

import infopass.gateway.json.MalformedJsonException;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.GoAway;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.streams.WriteStream;
import io.vertx.ext.web.codec.BodyCodec;
import io.vertx.ext.web.codec.spi.BodyStream;
import java.time.Clock;
import java.time.Instant;
import java.util.function.Consumer;

/**
 * One request on the wire and the bounded body of its answer. It is the Web Client's body codec of
 * that one request, which is how it learns of the request beneath and can take it off the wire. One
 * use; belongs to one event loop.
 */
final class Attempt implements BodyCodec<Buffer>, BodyStream<Buffer> {
  /** Largest answer that is read. */
  static final int MAX_BODY_BYTES = 64 * 1024;

  private static final Buffer EMPTY = Buffer.buffer();

  private final Clock clock;
  private final Consumer<HttpClientRequest> beforeWriting;
  private final Promise<Buffer> whole = Promise.promise();
  private HttpClientRequest wire;
  private HttpConnection connection;
  private Instant sentAt;
  private int stream;
  private boolean aborted;
  private PartnerFailure abortedFor;
  private HttpClientResponse tooLarge;
  private boolean joined;
  private Buffer received = EMPTY;

  /**
   * @param beforeWriting is shown the request that is written next, to complete it
   */
  Attempt(Clock clock, Consumer<HttpClientRequest> beforeWriting) {
    this.clock = clock;
    this.beforeWriting = beforeWriting;
  }

  /**
   * A connection was found and the request is about to be written; false where it must not be any
   * more.
   */
  boolean writing(HttpClientRequest request) {
    if (aborted) {
      // It is about to be reset, which is nobody's failure any more.
      request.exceptionHandler(reset -> {});
      return false;
    }
    wire = request;
    try {
      beforeWriting.accept(request);
    } catch (RuntimeException ours) {
      abort(PartnerFailure.internal(ours));
      return false;
    }
    connection = request.version() == HttpVersion.HTTP_2 ? null : request.connection();
    sentAt = clock.instant();
    return true;
  }

  /**
   * Takes it off the wire: on HTTP/1.1 the connection is closed, on HTTP/2 the stream is reset.
   *
   * @param why what the attempt ends with, whatever the reset request has to say
   */
  void abort(PartnerFailure why) {
    abortedFor = why;
    takeOff();
  }

  /** Why it was aborted; null where it was not. */
  PartnerFailure abortedFor() {
    return abortedFor;
  }

  private void takeOff() {
    aborted = true;
    if (wire != null) {
      wire.reset();
    }
  }

  /** Whether it was taken back, so that nothing is to be sent for it any more. */
  boolean aborted() {
    return aborted;
  }

  /** It is over: from now on the connection is another request's, and not to be touched. */
  void over() {
    aborted = true;
    stream = wire == null ? 0 : wire.streamId();
    wire = null;
  }

  /**
   * Gives up the connection that an answer came on which was none: what still lies on it would be
   * taken for the next request's answer. HTTP/2 has frames against that.
   */
  void distrust() {
    if (connection != null) {
      connection.close();
    }
  }

  /** Whether the request reached the network. */
  boolean written() {
    return sentAt != null;
  }

  /**
   * Returns the GOAWAY by which the connection ended without this request being processed (RFC 9113
   * section 6.8); null where there was none. To be asked once the attempt is over.
   */
  GoAway passedOver(Throwable cause) {
    GoAway goAway = cause instanceof HttpClosedException closed ? closed.goAway() : null;
    return goAway != null && (!written() || stream > goAway.getLastStreamId()) ? goAway : null;
  }

  /** When the request was written; null before. */
  Instant sentAt() {
    return sentAt;
  }

  /** The head of an answer that was larger than is read; null where none was. */
  HttpClientResponse tooLarge() {
    return tooLarge;
  }

  @Override
  public BodyStream<Buffer> stream() {
    return this;
  }

  @Override
  public Future<Buffer> result() {
    return whole.future();
  }

  @Override
  public Future<Void> write(Buffer chunk) {
    if (received.length() + chunk.length() > MAX_BODY_BYTES) {
      tooLarge = wire.response().result();
      received = EMPTY;
      takeOff();
      return Future.failedFuture(new MalformedJsonException("larger than is read"));
    }
    if (received == EMPTY) {
      received = chunk;
    } else {
      if (!joined) {
        joined = true;
        received = Buffer.buffer(2 * received.length()).appendBuffer(received);
      }
      received.appendBuffer(chunk);
    }
    return Future.succeededFuture();
  }

  @Override
  public Future<Void> end() {
    whole.tryComplete(received);
    return Future.succeededFuture();
  }

  @Override
  public void handle(Throwable cause) {
    whole.tryFail(cause);
  }

  @Override
  public WriteStream<Buffer> exceptionHandler(Handler<Throwable> handler) {
    return this;
  }

  @Override
  public WriteStream<Buffer> setWriteQueueMaxSize(int maxSize) {
    return this;
  }

  @Override
  public boolean writeQueueFull() {
    return false;
  }

  @Override
  public WriteStream<Buffer> drainHandler(Handler<Void> handler) {
    return this;
  }
}
