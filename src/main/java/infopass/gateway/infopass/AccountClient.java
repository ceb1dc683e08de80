package infopass.gateway.infopass;

import infopass.gateway.digilocker.InitFailure;
import infopass.gateway.digilocker.InitSession;
import infopass.gateway.digilocker.Problem;
import infopass.gateway.digilocker.Upstream;
import io.vertx.core.Future;
import java.util.Optional;

/**
 * Asks with the gateway's own account only while the partner takes it. Callers' own accounts are
 * theirs to mend and pass. Thread-safe.
 */
public final class AccountClient implements InfopassClient {
  private static final int PAYMENT_REQUIRED = 402;
  private static final String BALANCE_CODE = "0x0402";

  private final InfopassClient inner;
  private final AccountHold hold;

  public AccountClient(InfopassClient inner, AccountHold hold) {
    this.inner = inner;
    this.hold = hold;
  }

  @Override
  public Future<InitSession> init(PartnerCall call) {
    if (!call.command().ownAccount()) {
      return inner.init(call);
    }
    Optional<AccountHold.Pass> pass = hold.enter();
    if (pass.isEmpty()) {
      return Future.failedFuture(
          PartnerFailure.refused(
              InitFailure.notSent(
                      Problem.UPSTREAM_CREDENTIALS,
                      "Calls are held back, since Infopass refused the gateway's account.")
                  .withRetryAfter(hold.retryAfter())));
    }
    return inner.init(call).onComplete(done -> tell(pass.get(), done.cause()));
  }

  private static void tell(AccountHold.Pass pass, Throwable cause) {
    InitFailure failure = cause instanceof PartnerFailure known ? known.failure() : null;
    if (cause == null) {
      pass.accepted();
    } else if (failure != null && accountRefused(failure)) {
      pass.refused(failure.upstream().status());
    } else if (failure != null && failure.problem() == Problem.UPSTREAM_REJECTED) {
      pass.accepted();
    } else {
      pass.untold();
    }
  }

  /** Of these the caller is told as of any other refusal: the hold only counts them. */
  private static boolean accountRefused(InitFailure failure) {
    Upstream upstream = failure.upstream();
    return upstream != null
        && (failure.problem() == Problem.UPSTREAM_CREDENTIALS
            || upstream.status() == PAYMENT_REQUIRED
            || BALANCE_CODE.equals(upstream.code()));
  }
}
