package infopass.gateway.infopass;

import infopass.gateway.digilocker.TokenExpiry;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Looks at a token and its link for what does not fit, and for when the token was issued. A token
 * of a form that it does not know is a finding that stops no traffic.
 *
 * <p>The token's age is told by the partner's own Date. Where that is missing it is our clock that
 * its timestamp is compared with, and either of the two may be wrong: an age that is off by less
 * than {@value #CLOCKS_TOLERANCE_SECONDS} s is then put down to the clocks. It never counts for the
 * countdown, finding or not. Belongs to one event loop.
 */
final class TokenInspector {
  /** The partner's machines' clocks may differ from each other by this much. */
  private static final long CLOCK_TOLERANCE_SECONDS = 2;

  /** Our clock and the partner's may differ from each other by this much. */
  private static final long CLOCKS_TOLERANCE_SECONDS = 300;

  private static final String SANDBOX = "sandbox";

  private final Set<String> allowedLinkHosts;
  private final Inflation inflation = new Inflation();

  TokenInspector(Set<String> allowedLinkHosts) {
    this.allowedLinkHosts = allowedLinkHosts;
  }

  /** What was found, and from when until when the link can be used. */
  record Inspection(Set<TokenFinding> findings, TokenExpiry expiry) {}

  Inspection inspect(Envelope envelope, PartnerAnswer answer) {
    Set<TokenFinding> findings = EnumSet.noneOf(TokenFinding.class);
    Duration lifetime = Duration.ofSeconds(envelope.expirySeconds());
    TokenExpiry expiry = TokenExpiry.from(answer.sentAt(), lifetime);
    Optional<PartnerToken> decoded = PartnerToken.decode(envelope.token(), inflation);
    if (decoded.isPresent()) {
      PartnerToken token = decoded.get();
      if (token.clientId() != null && !token.clientId().equals(envelope.clientId())) {
        findings.add(TokenFinding.CROSSED);
      }
      if (SANDBOX.equals(token.gateway())) {
        findings.add(TokenFinding.SANDBOX);
      }
      long age = ageSeconds(token.issuedAt(), answer);
      if (age >= -CLOCK_TOLERANCE_SECONDS && age <= lifetime.getSeconds()) {
        expiry = TokenExpiry.from(answer.sentAt(), Duration.ofSeconds(age), lifetime);
      } else if (answer.date() != null || !clocksMayDiffer(age, lifetime)) {
        findings.add(TokenFinding.STALE);
      }
    } else {
      findings.add(TokenFinding.TOKEN_FORMAT);
    }
    inspectLink(envelope, decoded.isPresent(), findings);
    return new Inspection(findings, expiry);
  }

  private static boolean clocksMayDiffer(long age, Duration lifetime) {
    return age >= -CLOCKS_TOLERANCE_SECONDS
        && age <= lifetime.getSeconds() + CLOCKS_TOLERANCE_SECONDS;
  }

  /** By the partner's own clock where it tells it, so that neither clock has to be right. */
  private static long ageSeconds(Instant issuedAt, PartnerAnswer answer) {
    Instant now = answer.date() == null ? answer.receivedAt() : answer.date();
    return now.getEpochSecond() - issuedAt.getEpochSecond();
  }

  private void inspectLink(Envelope envelope, boolean formKnown, Set<TokenFinding> findings) {
    String url = envelope.url();
    if (!allowedLinkHosts.contains(hostOf(url))) {
      findings.add(TokenFinding.LINK_HOST);
    }
    String linked = tokenIn(url);
    // A link of another form than the one we know may carry it elsewhere, or none at all.
    boolean crossed =
        linked == null
            ? formKnown && !url.contains(envelope.token())
            : !linked.equals(envelope.token());
    if (crossed) {
      findings.add(TokenFinding.CROSSED);
    }
  }

  /** The host of an https link in lower case; empty where there is none. */
  private static String hostOf(String url) {
    String scheme = "https://";
    if (!url.regionMatches(true, 0, scheme, 0, scheme.length()) || url.indexOf('\\') >= 0) {
      return "";
    }
    int end = scheme.length();
    while (end < url.length() && "/?#".indexOf(url.charAt(end)) < 0) {
      end++;
    }
    String authority = url.substring(scheme.length(), end);
    if (authority.indexOf('@') >= 0) {
      // What looks like the host up to a colon may be user-info.
      return "";
    }
    return withoutPort(authority).toLowerCase(Locale.ROOT);
  }

  private static String withoutPort(String authority) {
    int colon = authority.lastIndexOf(':');
    for (int i = colon + 1; i < authority.length(); i++) {
      if (authority.charAt(i) < '0' || authority.charAt(i) > '9') {
        return authority;
      }
    }
    return colon < 0 ? authority : authority.substring(0, colon);
  }

  private static String tokenIn(String url) {
    int at = url.indexOf("token=");
    while (at >= 0 && (at == 0 || url.charAt(at - 1) != '?' && url.charAt(at - 1) != '&')) {
      at = url.indexOf("token=", at + 1);
    }
    if (at < 0) {
      return null;
    }
    int from = at + "token=".length();
    int end = url.indexOf('&', from);
    int hash = url.indexOf('#', from);
    end = end < 0 ? url.length() : end;
    end = hash < 0 ? end : Math.min(end, hash);
    String raw = url.substring(from, end);
    if (raw.indexOf('%') < 0) {
      return raw;
    }
    try {
      return URLDecoder.decode(raw, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return raw;
    }
  }
}
