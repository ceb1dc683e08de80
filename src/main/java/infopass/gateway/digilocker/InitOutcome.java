package infopass.gateway.digilocker;

/** How an init ended: with a link, or with the reason why there is none. */
public sealed interface InitOutcome {

  /** The partner gave a link. */
  record Granted(InitSession session) implements InitOutcome {}

  /** There is no link. */
  record Denied(InitFailure failure) implements InitOutcome {}
}
