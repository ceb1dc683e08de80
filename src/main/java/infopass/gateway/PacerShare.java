package infopass.gateway;

import infopass.gateway.cluster.PartnerPace;
import infopass.gateway.infopass.InfopassConfig;
import infopass.gateway.resilience.Pacer;
import java.time.Duration;

/** The pacer of this process, given its share of the partner's quota. Thread-safe. */
final class PacerShare implements PartnerPace {
  private static final String CONFIRMED = "CONFIRMED";

  private final Pacer pacer;
  private volatile InfopassConfig.Quota quota;

  PacerShare(InfopassConfig.Quota quota, Pacer pacer) {
    this.quota = quota;
    this.pacer = pacer;
  }

  /** The quota has changed; one that is unknown now is learned anew. */
  void quota(InfopassConfig.Quota next) {
    quota = next;
    if (next.requests() == 0) {
      pacer.quota(0, next.per());
    }
  }

  @Override
  public Standing standing() {
    Pacer.Snapshot now = pacer.snapshot();
    InfopassConfig.Quota known = quota;
    return new Standing(
        known.requests(),
        known.per(),
        now.used(),
        now.state().equals(CONFIRMED) ? now.limit() : 0,
        now.per(),
        Duration.ofNanos(now.holdNanos()));
  }

  @Override
  public void allowed(int requests) {
    pacer.quota(requests, quota.per());
  }

  @Override
  public void learned(int requests, Duration per) {
    pacer.learned(requests, per);
  }

  @Override
  public void hold(Duration time) {
    pacer.hold(time);
  }
}
