package infopass.gateway;

import infopass.gateway.config.Secret;
import infopass.gateway.countdown.SignedLinks;
import infopass.gateway.infopass.InfopassConfig;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns the configured secrets into what uses them. */
final class SigningKeys {
  private static final Logger LOG = LoggerFactory.getLogger(SigningKeys.class);
  private static final int KEY_BYTES = 32;

  private SigningKeys() {}

  static SignedLinks links(GatewayConfig config) {
    List<Secret> configured = config.countdown().signingKeys();
    if (configured.isEmpty()) {
      LOG.warn(
          "countdown.signingKeys is empty: links are signed with a random key, which no other"
              + " replica knows and which is lost at a restart");
      byte[] random = new byte[KEY_BYTES];
      new SecureRandom().nextBytes(random);
      return new SignedLinks(config.http().publicUrl(), List.of(random));
    }
    for (Secret key : configured) {
      if (key.reveal().getBytes(StandardCharsets.UTF_8).length < KEY_BYTES) {
        LOG.warn(
            "a key in countdown.signingKeys is shorter than {} bytes: easy to guess", KEY_BYTES);
      }
    }
    return new SignedLinks(
        config.http().publicUrl(),
        configured.stream().map(key -> key.reveal().getBytes(StandardCharsets.UTF_8)).toList());
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
