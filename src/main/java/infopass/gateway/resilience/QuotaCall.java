package infopass.gateway.resilience;

/** What a {@link QuotaEstimate} remembers of one call. */
final class QuotaCall {
  /** Reading of the clock when it was sent. */
  long sentAt;

  /** The trial that it belongs to, or null. */
  ProbeSeries probe;
}
