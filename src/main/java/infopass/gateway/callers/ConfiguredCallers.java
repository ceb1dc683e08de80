package infopass.gateway.callers;

import infopass.gateway.config.Secret;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Callers with keys that only the gateway knows. The partner sees the gateway's account, never
 * theirs. Passwords are compared as SHA-256 digests in constant time; those who fail again and
 * again are answered ever more slowly.
 */
public final class ConfiguredCallers implements Callers {
  private static final byte[] NO_DIGEST = new byte[32];
  private static final int MOST_DIGESTS = 2;

  private final Map<String, Entry> byId = new LinkedHashMap<>();
  private final Optional<String> ownAuthorization;
  private final RedirectHosts generalHosts;
  private final FailedLogins failures;

  private record Entry(Caller caller, List<byte[]> digests) {}

  /**
   * @param redirectHosts the general list, for callers without one of their own
   * @param ownAuthorization the gateway's own credentials
   * @param before those that these take the place of, whose quotas go on with what was taken out of
   *     them; null at the start
   */
  public ConfiguredCallers(
      List<CallerConfig> callers,
      List<String> redirectHosts,
      String ownAuthorization,
      LongSupplier nanoTime,
      ConfiguredCallers before) {
    this.ownAuthorization = Optional.of(ownAuthorization);
    this.generalHosts = new RedirectHosts(redirectHosts);
    this.failures = before == null ? new FailedLogins(nanoTime) : before.failures;
    for (CallerConfig config : callers) {
      Caller caller =
          new Caller(
              config.id(),
              Scopes.configured(config.id()),
              ownAuthorization,
              true,
              config.redirectHosts().isEmpty()
                  ? generalHosts
                  : new RedirectHosts(config.redirectHosts()),
              config.quota().map(quota -> quota(config.id(), quota, nanoTime, before)));
      byId.put(
          config.id(),
          new Entry(
              caller,
              config.secretSha256().stream()
                  .map(Secret::reveal)
                  .map(HexFormat.of()::parseHex)
                  .toList()));
    }
  }

  private static CallerQuota quota(
      String id, CallerConfig.Quota quota, LongSupplier nanoTime, ConfiguredCallers before) {
    Entry known = before == null ? null : before.byId.get(id);
    Optional<CallerQuota> old = known == null ? Optional.empty() : known.caller().quota();
    return old.map(used -> used.isOf(quota) ? used : new CallerQuota(quota, used))
        .orElseGet(() -> new CallerQuota(quota, nanoTime));
  }

  @Override
  public Verdict identify(BasicAuthorization credentials, String source) {
    Entry entry = byId.get(credentials.userId());
    byte[] digest = sha256(credentials.password());
    boolean right = false;
    // As many comparisons for every id, configured or not.
    for (int i = 0; i < MOST_DIGESTS; i++) {
      boolean there = entry != null && i < entry.digests().size();
      right |= MessageDigest.isEqual(there ? entry.digests().get(i) : NO_DIGEST, digest) && there;
    }
    if (entry == null || !right) {
      FailedLogins.Source from = FailedLogins.source(source, credentials.userId());
      Optional<Duration> delay = failures.failed(from);
      return new Verdict.Wrong(
          delay.orElse(Duration.ZERO), delay.isEmpty(), () -> failures.answered(from));
    }
    return new Verdict.Known(entry.caller());
  }

  @Override
  public Optional<Caller> inside(String id, Optional<String> own) {
    Entry entry = byId.get(id);
    return own.or(() -> ownAuthorization)
        .map(
            authorization ->
                new Caller(
                    id,
                    Scopes.inside(id, authorization),
                    authorization,
                    own.isEmpty(),
                    entry == null ? generalHosts : entry.caller().redirectHosts(),
                    entry == null ? Optional.empty() : entry.caller().quota()));
  }

  @Override
  public void divide(int nodes, int index) {
    byId.values()
        .forEach(entry -> entry.caller().quota().ifPresent(quota -> quota.divide(nodes, index)));
  }

  @Override
  public List<String> ids() {
    return List.copyOf(byId.keySet());
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // Every Java platform has it.
    }
  }

  /** Shows the number of callers only. */
  @Override
  public String toString() {
    return "ConfiguredCallers[" + byId.size() + "]";
  }
}
