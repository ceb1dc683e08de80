package infopass.gateway;

import infopass.gateway.callers.Callers;
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
    // What can fail comes first: it is taken into use whole or not at all.
    Callers callers = SigningKeys.callers(after, world.nanoTime(), shared.callers().current());
    List<byte[]> keys = SigningKeys.keys(after);
    shared.callers().exchange(callers);
    if (touches(live, "infopass.username") || touches(live, "infopass.password")) {
      shared.accountHold().changed();
    }
    shared.inFlight().limit(after.admission().maxInFlight());
    if (touches(live, "infopass.quota")) {
      cluster.quota(after.infopass().quota(), shared.pacer());
    }
    if (touches(live, "countdown.signingKeys")) {
      if (after.countdown().signingKeys().isEmpty()) {
        LOG.warn("countdown.signingKeys is empty now: the keys of before stay until a restart");
      } else {
        shared.links().rekey(keys);
      }
    }
    if (touches(live, "logging.level")) {
      Logging.level(after.logging().level());
    }
    ConfigWarnings.of(after).forEach(warning -> LOG.warn("{}", warning));
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
