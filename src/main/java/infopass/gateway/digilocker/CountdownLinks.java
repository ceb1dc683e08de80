package infopass.gateway.digilocker;

import java.time.Instant;

/** Makes the link at which a session's countdown can be watched. Thread-safe. */
@FunctionalInterface
public interface CountdownLinks {
  /** A URL, or a reference relative to the gateway's root, that is its own authorisation. */
  String linkTo(String clientId, Instant expiresAt);
}
