package infopass.gateway.digilocker;

/** What the partner may have done with a request that failed, from the least to the worst. */
public enum Outcome {
  /** Nothing was sent: repeating it is safe. */
  NOT_SENT("not-sent"),
  /** The partner saw the request and refused it: no link was made. */
  REJECTED("rejected"),
  /** The request was sent and its fate is not known: a link may exist that nobody received. */
  UNKNOWN("unknown");

  private final String word;

  Outcome(String word) {
    this.word = word;
  }

  /** The word used in problem documents and logs. */
  public String word() {
    return word;
  }

  /** The worse of the two: what has to be said of two attempts together. */
  public Outcome or(Outcome other) {
    return compareTo(other) >= 0 ? this : other;
  }
}
