package infopass.gateway;

import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a new configuration into use while requests are being worked on: callers and their quotas,
 * credentials, rules, limits, keys. Requests that have begun end by what held when they began. What
 * cannot change without a restart is named, and stays as it was. Not thread-safe.
 */
final class Reload {
  private static final Logger LOG = LoggerFactory.getLogger(Reload.class);

  /** What is taken into use; all else needs a restart. */
  private static final Set<String> LIVE =
      Set.of(
          "auth",
          "init",
          "admission.maxInFlight",
          "infopass.username",
          "infopass.password",
          "infopass.quota",
          "countdown.signingKeys",
          "shutdown",
          "logging.level");

  private final Shared shared;
  private final Surroundings world;
  private final Cluster cluster;

  Reload(Shared shared, Surroundings world, Cluster cluster) {
    this.cluster = cluster;
    this.shared = shared;
    this.world = world;
  }

  /** Takes it into use, and tells what of it could not be. */
  void apply(GatewayConfig before, GatewayConfig after) {
    List<String> changes = ConfigChanges.between(before, after);
    List<String> live = changes.stream().filter(Reload::isLive).toList();
    List<String> later = changes.stream().filter(path -> !isLive(path)).toList();
    shared
        .callers()
        .exchange(SigningKeys.callers(after, world.nanoTime(), shared.callers().current()));
    shared.inFlight().limit(after.admission().maxInFlight());
    if (touches(live, "infopass.quota")) {
      cluster.quota(after.infopass().quota(), shared.pacer());
    }
    if (touches(live, "countdown.signingKeys")) {
      if (after.countdown().signingKeys().isEmpty()) {
        LOG.warn("countdown.signingKeys is empty now: the keys of before stay until a restart");
      } else {
        shared.links().rekey(SigningKeys.keys(after));
      }
    }
    if (touches(live, "logging.level")) {
      Logging.level(after.logging().level());
    }
    LOG.atInfo().addKeyValue("changed", live).log("configuration taken into use");
    if (!later.isEmpty()) {
      LOG.atWarn().addKeyValue("keys", later).log("these changes need a restart");
    }
  }

  private static boolean isLive(String path) {
    return LIVE.stream().anyMatch(key -> path.equals(key) || path.startsWith(key + '.'));
  }

  private static boolean touches(List<String> paths, String key) {
    return paths.stream().anyMatch(path -> path.equals(key) || path.startsWith(key + '.'));
  }
}
