package infopass.gateway;

import infopass.gateway.bus.InitBus;
import infopass.gateway.digilocker.InitFailure;
import infopass.gateway.digilocker.InitOutcome;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;

/** Watches a gateway from inside its event bus, so that tests wait for facts instead of time. */
final class Witness {
  private final Vertx vertx;
  private final Map<String, Promise<Void>> taken = new ConcurrentHashMap<>();
  private final List<InitFailure> denials = new CopyOnWriteArrayList<>();
  private final List<Throwable> uncaught = new CopyOnWriteArrayList<>();
  private final List<String> circuit = new ArrayList<>();
  private final Map<Integer, Promise<List<String>>> circuitWaits = new ConcurrentHashMap<>();

  Witness(RunningGateway gateway) {
    vertx = gateway.vertx();
    vertx.exceptionHandler(uncaught::add);
    vertx
        .eventBus()
        .addInboundInterceptor(
            delivery -> {
              Object body = delivery.message().body();
              delivery.next();
              // The handler has run by now: the command is queued, or on its way.
              if (body instanceof InitBus.Question question) {
                promise(question.command().correlationId()).tryComplete();
                question.answer().future().onSuccess(this::answered);
              }
            });
    RunningGateway.await(
        vertx
            .eventBus()
            .<JsonObject>consumer("infopass.gateway.circuit", m -> changed(m.body()))
            .completion());
  }

  /** Completes when the partner side has taken the command with this correlation id. */
  Future<Void> taken(String correlationId) {
    return promise(correlationId).future();
  }

  /** What the partner side has refused or failed so far. */
  List<InitFailure> denials() {
    return denials;
  }

  /** Exceptions that nobody caught. */
  List<Throwable> uncaught() {
    return uncaught;
  }

  /** The circuit's states so far, once there have been that many changes. */
  Future<List<String>> circuit(int changes) {
    synchronized (circuit) {
      return circuit.size() >= changes
          ? Future.succeededFuture(List.copyOf(circuit))
          : circuitWaits.computeIfAbsent(changes, n -> Promise.promise()).future();
    }
  }

  /** Every change so far. */
  List<String> circuit() {
    synchronized (circuit) {
      return List.copyOf(circuit);
    }
  }

  /** Completes once the condition holds; for what announces itself in no other way. */
  Future<Void> once(BooleanSupplier condition) {
    Promise<Void> holds = Promise.promise();
    vertx.setPeriodic(
        2,
        timer -> {
          if (condition.getAsBoolean()) {
            vertx.cancelTimer(timer);
            holds.tryComplete();
          }
        });
    return holds.future();
  }

  private void answered(InitOutcome outcome) {
    if (outcome instanceof InitOutcome.Denied denied) {
      denials.add(denied.failure());
    }
  }

  private void changed(JsonObject event) {
    synchronized (circuit) {
      circuit.add(event.getString("state"));
      Promise<List<String>> waiting = circuitWaits.remove(circuit.size());
      if (waiting != null) {
        waiting.complete(List.copyOf(circuit));
      }
    }
  }

  private Promise<Void> promise(String correlationId) {
    return taken.computeIfAbsent(correlationId, id -> Promise.promise());
  }
}
