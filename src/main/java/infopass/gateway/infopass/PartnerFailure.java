package infopass.gateway.infopass;

import infopass.gateway.digilocker.InitFailedException;
import infopass.gateway.digilocker.InitFailure;
import infopass.gateway.digilocker.Problem;

/** A failed attempt, with what the policies need to know of it. Without a stack trace. */
public final class PartnerFailure extends InitFailedException {
  private static final long serialVersionUID = 1L;

  /** Whether the attempt may be repeated. */
  public enum Replay {
    /** The partner provably did not process it. */
    SAFE,
    /** It may have been processed: a repetition can make a second link. */
    MAY_DUPLICATE,
    /** A repetition would end the same way, or is not ours to decide. */
    NEVER
  }

  /** What the attempt says of the partner's health. */
  public enum Health {
    /** It works, whatever it thought of this request. */
    WELL,
    /** It does not. */
    ILL,
    /** It answered, but only to limit or to refuse a caller: no call of the window. */
    ANSWERED,
    /** Nothing. */
    UNTOLD
  }

  private final Replay replay;
  private final Health health;
  private final boolean refusal;

  public PartnerFailure(InitFailure failure, Replay replay, Health health) {
    this(failure, replay, health, false);
  }

  private PartnerFailure(InitFailure failure, Replay replay, Health health, boolean refusal) {
    super(failure);
    this.replay = replay;
    this.health = health;
    this.refusal = refusal;
  }

  /** A refusal of our own, before the partner was asked. */
  public static PartnerFailure refused(InitFailure failure) {
    return new PartnerFailure(failure, Replay.NEVER, Health.UNTOLD, true);
  }

  /** A fault of our own, before the request was written: it says nothing of the partner. */
  static PartnerFailure internal(RuntimeException fault) {
    PartnerFailure failure =
        refused(
            InitFailure.notSent(Problem.INTERNAL, "Report the correlation id to the operator."));
    failure.initCause(new IllegalStateException(fault.getClass().getName()));
    return failure;
  }

  public Replay replay() {
    return replay;
  }

  public Health health() {
    return health;
  }

  /** Whether the partner was not asked, by a decision of our own. */
  public boolean isRefusal() {
    return refusal;
  }
}
