package infopass.gateway.http;

/** What knows whether a connection's peer takes too long to ask. */
interface Lateness {
  /**
   * How long a peer may take.
   *
   * @param firstNanos for its first byte
   * @param headNanos for a request's head from its first byte on
   * @param idleNanos without asking anything
   */
  record Limits(long firstNanos, long headNanos, long idleNanos) {}

  /** Ends the connection if the peer is late; whether it was ended. */
  boolean late(long now, Limits limits);
}
