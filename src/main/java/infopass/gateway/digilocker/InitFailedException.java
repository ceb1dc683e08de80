package infopass.gateway.digilocker;

/**
 * Carries an {@link InitFailure} through a failed future. Expected and frequent, so it has no stack
 * trace.
 */
public class InitFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient InitFailure failure;

  public InitFailedException(InitFailure failure) {
    super(failure.problem().slug(), null, false, false);
    this.failure = failure;
  }

  public final InitFailure failure() {
    return failure;
  }
}
