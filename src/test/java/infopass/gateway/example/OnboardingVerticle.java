package infopass.gateway.example;

import infopass.gateway.bus.GatewayClient;
import infopass.gateway.bus.InitOptions;
import infopass.gateway.bus.InitReply;
import infopass.gateway.bus.InitRequest;
import infopass.gateway.bus.SessionEvent;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;

/** The example of the README: asks for a link and hears when it ends. */
public final class OnboardingVerticle extends VerticleBase {
  private GatewayClient gateway;

  @Override
  public Future<?> start() {
    gateway = new GatewayClient(vertx);
    return gateway.onSession(SessionEvent.Kind.EXPIRED, this::offerNewStart).completion();
  }

  public Future<InitReply> invite(InitRequest person, String correlationId) {
    return gateway.init(person, InitOptions.defaults().withCorrelationId(correlationId));
  }

  private void offerNewStart(SessionEvent session) {
    vertx.eventBus().publish("onboarding.restart", session.correlationId());
  }
}
