package infopass.gateway.infopass;

import infopass.gateway.digilocker.InitSession;
import io.vertx.core.Future;

/**
 * Asks the partner for a link. The wire and every policy around it are one of these; each belongs
 * to one event loop.
 */
@FunctionalInterface
public interface InfopassClient {
  /**
   * Works on the call. Never throws; fails with a {@link PartnerFailure} for everything that can be
   * expected, and promptly once the call is stopped.
   */
  Future<InitSession> init(PartnerCall call);
}
