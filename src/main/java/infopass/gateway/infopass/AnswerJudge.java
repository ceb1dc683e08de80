package infopass.gateway.infopass;

import infopass.gateway.digilocker.InitFailure;
import infopass.gateway.digilocker.InitSession;
import infopass.gateway.digilocker.Outcome;
import infopass.gateway.digilocker.Payload;
import infopass.gateway.digilocker.Problem;
import infopass.gateway.digilocker.Upstream;
import infopass.gateway.infopass.PartnerFailure.Health;
import infopass.gateway.infopass.PartnerFailure.Replay;
import infopass.gateway.json.MalformedJsonException;
import infopass.gateway.logging.LogLimit;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Decides what an answer of the partner's means: a link, or which failure. Success is read from the
 * body, never from the message. Belongs to one event loop.
 */
final class AnswerJudge {
  private static final Logger LOG = LoggerFactory.getLogger(AnswerJudge.class);
  private static final LogLimit LIMIT = new LogLimit();

  /** Longest lifetime that is believed: nobody hands out links for longer than a day. */
  private static final long MAX_EXPIRY_SECONDS = 86_400;

  /** Longest client id that is believed: the countdown's link has it in its request line. */
  private static final int MAX_CLIENT_ID = 256;

  private static final String SUCCESS = "SUCCESS";

  private final TokenConfig config;
  private final TokenInspector inspector;
  private final CallCounters counters;

  AnswerJudge(TokenConfig config, CallCounters counters) {
    this.config = config;
    this.counters = counters;
    this.inspector = new TokenInspector(config.allowedLinkHosts());
  }

  /**
   * The link.
   *
   * @throws PartnerFailure where the answer holds none
   */
  InitSession judge(PartnerCall call, PartnerAnswer answer) {
    Envelope envelope = envelopeOf(answer);
    int status = answer.status();
    if (!readsBodyOf(status)) {
      throw failed(call, answer, envelope);
    }
    if (envelope == null || envelope.status() == null) {
      throw malformed("The answer of Infopass was not the documented JSON.");
    }
    if (!envelope.status().equals(SUCCESS)) {
      if (envelope.holdsLink()) {
        note(call, Set.of(TokenFinding.DRIFT));
        throw malformed("Infopass gave a link, but did not name success.");
      }
      throw new PartnerFailure(
          InitFailure.of(Problem.UPSTREAM_REJECTED, "Infopass refused this request.")
              .withOutcome(Outcome.REJECTED)
              .withUpstream(upstream(call, status, envelope)),
          Replay.NEVER,
          Health.WELL);
    }
    requireComplete(envelope);
    TokenInspector.Inspection inspection = inspector.inspect(envelope, answer);
    note(call, inspection.findings());
    Payload document = Payload.owning(answer.body());
    int appendAt = envelope.closingBrace();
    if (envelope.hasOurMembers()) {
      // Rare.
      document = withoutOurMembers(answer.body());
      appendAt = document.length() - 1;
    }
    return new InitSession(
        envelope.clientId(), document, appendAt, inspection.expiry(), call.partnerTime());
  }

  /** Whether what an answer of this status means stands in its body. */
  boolean readsBodyOf(int status) {
    return status >= 200 && status <= 299;
  }

  private static Envelope envelopeOf(PartnerAnswer answer) {
    try {
      return Envelope.read(answer.body());
    } catch (MalformedJsonException e) {
      return null;
    }
  }

  private static void requireComplete(Envelope envelope) {
    if (isBlank(envelope.clientId()) || isBlank(envelope.token()) || isBlank(envelope.url())) {
      throw malformed("Infopass named success, but gave no client id, token or link.");
    }
    if (!isSegment(envelope.clientId())) {
      throw malformed("Infopass named success, but no believable client id.");
    }
    if (envelope.expirySeconds() <= 0 || envelope.expirySeconds() > MAX_EXPIRY_SECONDS) {
      throw malformed("Infopass named success, but no believable lifetime of the link.");
    }
  }

  private void note(PartnerCall call, Set<TokenFinding> findings) {
    boolean enforced = false;
    for (TokenFinding finding : findings) {
      counters.found(finding);
      boolean counts = config.enforce().contains(finding);
      enforced |= counts;
      LIMIT
          .line(LOG, Level.WARN, finding)
          .addKeyValue("correlationId", call.command().correlationId())
          .addKeyValue("finding", finding.word())
          .addKeyValue("enforced", counts)
          .log("the partner's token or link does not fit");
    }
    if (enforced) {
      throw malformed("The token or link that Infopass gave does not fit.");
    }
  }

  private static PartnerFailure failed(PartnerCall call, PartnerAnswer answer, Envelope envelope) {
    int status = answer.status();
    Upstream upstream = upstream(call, status, envelope);
    if (status == 401 || status == 403) {
      Problem problem =
          call.command().ownAccount() ? Problem.UPSTREAM_CREDENTIALS : Problem.UNAUTHENTICATED;
      return new PartnerFailure(
          rejected(problem, "Infopass refused the credentials.", upstream),
          Replay.NEVER,
          Health.ANSWERED);
    }
    if (status == 429 || status == 503) {
      InitFailure busy =
          rejected(Problem.UPSTREAM_BUSY, "Infopass takes no more requests just now.", upstream)
              .withRetryAfter(answer.retryAfter());
      return new PartnerFailure(busy, Replay.SAFE, status == 429 ? Health.ANSWERED : Health.ILL);
    }
    if (status == 408 || status == 425) {
      // RFC 9110 section 15.5.9 and RFC 8470 section 5.2: it was not processed.
      return new PartnerFailure(
          rejected(Problem.UPSTREAM_BUSY, "Infopass did not process this request.", upstream)
              .withRetryAfter(answer.retryAfter()),
          Replay.SAFE,
          Health.ANSWERED);
    }
    if (status >= 400 && status < 500) {
      return new PartnerFailure(
          rejected(Problem.UPSTREAM_REJECTED, "Infopass refused this request.", upstream),
          Replay.NEVER,
          Health.WELL);
    }
    boolean passing = status == 500 || status == 502 || status == 504;
    return new PartnerFailure(
        InitFailure.of(Problem.UPSTREAM_FAILED, "Infopass failed with status " + status + ".")
            .withOutcome(Outcome.UNKNOWN)
            .withUpstream(upstream),
        passing ? Replay.MAY_DUPLICATE : Replay.NEVER,
        Health.ILL);
  }

  private static InitFailure rejected(Problem problem, String detail, Upstream upstream) {
    return InitFailure.of(problem, detail).withOutcome(Outcome.REJECTED).withUpstream(upstream);
  }

  private static PartnerFailure malformed(String detail) {
    return new PartnerFailure(
        InitFailure.of(Problem.UPSTREAM_MALFORMED, detail).withOutcome(Outcome.UNKNOWN),
        Replay.NEVER,
        Health.ILL);
  }

  private static Upstream upstream(PartnerCall call, int status, Envelope envelope) {
    if (envelope == null) {
      return new Upstream(status, null, null);
    }
    byte[] request = call.command().body().bytes();
    return new Upstream(
        status,
        Redaction.code(envelope.code(), request),
        Redaction.message(envelope.message(), request));
  }

  /** Whether the countdown's link can have it in its path: it would lead nowhere else. */
  private static boolean isSegment(String clientId) {
    return clientId.length() <= MAX_CLIENT_ID
        && !clientId.equals(".")
        && !clientId.equals("..")
        && clientId.chars().noneMatch(Character::isISOControl);
  }

  private static boolean isBlank(String text) {
    return text == null || text.isBlank();
  }

  private static Payload withoutOurMembers(byte[] body) {
    try {
      return Payload.owning(OurMembers.removedFrom(body));
    } catch (MalformedJsonException e) {
      throw malformed("The answer of Infopass cannot be copied.");
    }
  }
}
