package infopass.gateway;

import infopass.gateway.callers.AuthConfig;
import infopass.gateway.callers.Callers;
import infopass.gateway.callers.ConfiguredCallers;
import infopass.gateway.callers.PassthroughCallers;
import infopass.gateway.config.Secret;
import infopass.gateway.countdown.SignedLinks;
import infopass.gateway.infopass.InfopassConfig;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns the configured secrets into what uses them. */
final class SigningKeys {
  private static final Logger LOG = LoggerFactory.getLogger(SigningKeys.class);
  private static final int KEY_BYTES = 32;
  private static final String MAC = "HmacSHA256";

  private SigningKeys() {}

  static SignedLinks links(GatewayConfig config) {
    List<byte[]> keys = keys(config);
    if (keys.isEmpty()) {
      LOG.warn(
          "countdown.signingKeys is empty: links are signed with a random key, which no other"
              + " replica knows and which is lost at a restart");
      byte[] random = new byte[KEY_BYTES];
      new SecureRandom().nextBytes(random);
      return new SignedLinks(config.http().publicUrl(), List.of(random));
    }
    return new SignedLinks(config.http().publicUrl(), keys);
  }

  /**
   * The keys of countdown links, of which the first signs: those that are configured, and in a
   * cluster, last, one of its secret. So links hold at all nodes where none is configured, and
   * those of before hold when one is.
   */
  static List<byte[]> keys(GatewayConfig config) {
    List<byte[]> keys = new ArrayList<>(bytesOf(config.countdown().signingKeys()));
    if (config.cluster().enabled()) {
      keys.add(ofSecret(config.cluster().secret()));
    }
    return keys;
  }

  private static byte[] ofSecret(Secret secret) {
    try {
      Mac mac = Mac.getInstance(MAC);
      mac.init(new SecretKeySpec(secret.reveal().getBytes(StandardCharsets.UTF_8), MAC));
      return mac.doFinal("infopass-gateway countdown links".getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // Every Java has it.
    }
  }

  private static List<byte[]> bytesOf(List<Secret> keys) {
    return keys.stream().map(key -> key.reveal().getBytes(StandardCharsets.UTF_8)).toList();
  }

  /**
   * Tells callers apart, in the configured mode.
   *
   * @param before those that these take the place of; null at the start
   */
  static Callers callers(GatewayConfig config, LongSupplier nanoTime, Callers before) {
    Optional<String> own = ownAuthorization(config.infopass());
    List<String> redirectHosts = config.init().redirectHosts();
    if (config.auth().mode() == AuthConfig.Mode.CALLERS) {
      return new ConfiguredCallers(
          config.auth().callers(),
          redirectHosts,
          own.orElseThrow(),
          nanoTime,
          before instanceof ConfiguredCallers known ? known : null);
    }
    return new PassthroughCallers(redirectHosts, own);
  }

  /** The gateway's own credentials as an Authorization value; empty where none are set. */
  static Optional<String> ownAuthorization(InfopassConfig infopass) {
    if (infopass.username().isEmpty()) {
      return Optional.empty();
    }
    String pair = infopass.username() + ':' + infopass.password().reveal();
    return Optional.of(
        "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
  }
}
