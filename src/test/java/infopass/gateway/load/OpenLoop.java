package infopass.gateway.load;

import infopass.gateway.RunningGateway;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.util.Map;
import java.util.function.LongFunction;

/**
 * Sends requests at a constant rate whatever becomes of them, on one event loop of its own. Time is
 * counted from the moment at which a request was due, so that a stall counts for all that it held
 * up.
 */
public final class OpenLoop implements AutoCloseable {
  private static final long TICK_MILLIS = 1;

  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  private final HttpClient client;
  private final String host;
  private final int port;

  /**
   * @param connections most connections; what finds none waits, and its time counts
   */
  public OpenLoop(String host, int port, int connections) {
    this.host = host;
    this.port = port;
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions().setKeepAliveTimeout(60),
            new PoolOptions().setHttp1MaxSize(connections).setMaxWaitQueueSize(-1));
  }

  /** What is to be sent. */
  public record Shot(String path, Map<String, String> headers, Buffer body) {}

  /** Is told of every answer, on the driver's event loop. */
  public interface Scorer {
    /**
     * @param shot which one, from 0
     * @param tookNanos from the moment it was due to the last byte of the answer
     */
    void answered(long shot, HttpClientResponse response, Buffer body, long tookNanos);

    /** No answer came. */
    void failed(long shot, Throwable cause);
  }

  /** Sends for this long and waits until all is answered, or for the grace after the last one. */
  public void run(
      double perSecond, Duration length, Duration grace, LongFunction<Shot> shots, Scorer scorer) {
    Promise<Void> over = Promise.promise();
    long count = (long) (perSecond * length.toNanos() / 1e9);
    vertx.runOnContext(begin -> new Run(perSecond, count, shots, scorer, over).start(grace));
    RunningGateway.await(over.future(), length.plus(grace).plusSeconds(5));
  }

  private final class Run {
    private final double perSecond;
    private final long count;
    private final LongFunction<Shot> shots;
    private final Scorer scorer;
    private final Promise<Void> over;
    private final long begun = System.nanoTime();
    private long sent;
    private long ended;

    private Run(
        double perSecond, long count, LongFunction<Shot> shots, Scorer scorer, Promise<Void> over) {
      this.perSecond = perSecond;
      this.count = count;
      this.shots = shots;
      this.scorer = scorer;
      this.over = over;
    }

    private void start(Duration grace) {
      vertx.setPeriodic(
          TICK_MILLIS,
          timer -> {
            long due = Math.min(count, 1 + (long) ((System.nanoTime() - begun) * perSecond / 1e9));
            while (sent < due) {
              shoot(sent++);
            }
            if (sent == count) {
              vertx.cancelTimer(timer);
              vertx.setTimer(grace.toMillis(), late -> over.tryComplete());
              finishIfDone();
            }
          });
    }

    private void shoot(long number) {
      long dueAt = begun + (long) (number * 1e9 / perSecond);
      Shot shot = shots.apply(number);
      client
          .request(
              new RequestOptions()
                  .setMethod(HttpMethod.POST)
                  .setHost(host)
                  .setPort(port)
                  .setURI(shot.path()))
          .compose(
              request -> {
                shot.headers().forEach(request::putHeader);
                return request.send(shot.body());
              })
          .compose(
              response ->
                  response
                      .body()
                      .onSuccess(
                          body ->
                              scorer.answered(number, response, body, System.nanoTime() - dueAt)))
          .onFailure(cause -> scorer.failed(number, cause))
          .onComplete(
              done -> {
                ended++;
                finishIfDone();
              });
    }

    private void finishIfDone() {
      if (ended == count) {
        over.tryComplete();
      }
    }
  }

  @Override
  public void close() {
    RunningGateway.await(vertx.close());
  }
}
