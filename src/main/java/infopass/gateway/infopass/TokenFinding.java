package infopass.gateway.infopass;

/** Something that does not fit about a token or link, noticed without holding the issuer's key. */
public enum TokenFinding {
  /** The token belongs to another client id, or the link has another token, or none. */
  CROSSED("crossed"),
  /** The token was made by the partner's sandbox. */
  SANDBOX("sandbox"),
  /** The token's age is not between zero and its lifetime. */
  STALE("stale"),
  /** The link names a host that is not allowed. */
  LINK_HOST("link-host"),
  /** The token is none that can be read: whether it is crossed, stale or sandbox is not known. */
  TOKEN_FORMAT("token-format"),
  /** A complete link came with a status that does not name success. */
  DRIFT("drift");

  private final String word;

  TokenFinding(String word) {
    this.word = word;
  }

  public String word() {
    return word;
  }

  /** Whether the operator can have it turn an answer into a failure. */
  boolean isEnforceable() {
    return this != TOKEN_FORMAT && this != DRIFT;
  }
}
