package infopass.gateway.sandbox;

import java.time.Clock;
import java.util.random.RandomGenerator;

/** Hands out links, each to a new client. Not thread-safe: one for each event loop. */
final class Links {

  private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final int ID_LETTERS = 20;

  private final TokenMint mint;
  private final Clock clock;
  private final RandomGenerator random;
  private final String expirySeconds;

  Links(TokenMint mint, Clock clock, RandomGenerator random, int expirySeconds) {
    this.mint = mint;
    this.clock = clock;
    this.random = random;
    this.expirySeconds = Integer.toString(expirySeconds);
  }

  Link next() {
    String clientId = newClientId();
    return new Link(clientId, token(clientId, "production", 0), expirySeconds);
  }

  /** The same client's link with a token of the partner's own test environment. */
  Link sandboxed(Link link) {
    return link.withToken(token(link.clientId(), "sandbox", 0));
  }

  /** The same client's link with a token issued that long ago. */
  Link aged(Link link, int seconds) {
    return link.withToken(token(link.clientId(), "production", seconds));
  }

  private String token(String clientId, String gateway, int ageSeconds) {
    long now = Math.floorDiv(clock.millis(), 1000L);
    return mint.mint(clientId, gateway, now - ageSeconds);
  }

  private String newClientId() {
    StringBuilder id = new StringBuilder("digilocker_");
    for (int i = 0; i < ID_LETTERS; i++) {
      id.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return id.toString();
  }
}
