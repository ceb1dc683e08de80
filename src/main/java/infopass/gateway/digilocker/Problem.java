package infopass.gateway.digilocker;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The kinds of failure a caller can be told about: the problem types of RFC 9457, each with its
 * HTTP status, its slug (the last segment of the type URI) and a page of explanation.
 *
 * <p>Constants are part of the public contract: a slug is never renamed.
 */
public enum Problem {
  MALFORMED_JSON(
      400,
      "malformed-json",
      "The body is not strict JSON",
      "The request body could not be read as one JSON object in UTF-8, without duplicate names,"
          + " trailing data, comments or more than 32 levels. Send it as the standard (RFC 8259)"
          + " says. Nothing was sent to Infopass."),
  INVALID_REQUEST(
      400,
      "invalid-request",
      "The request is not valid",
      "The request breaks HTTP's rules, or fields of its body are missing or wrong. Each fault is"
          + " listed in 'errors' with a pointer to the field. Nothing was sent to Infopass."),
  UNAUTHENTICATED(
      401,
      "unauthenticated",
      "Credentials are missing or wrong",
      "The Authorization header is missing or is not Basic credentials (RFC 7617), or Infopass"
          + " refused them. Check user-id and password."),
  REDIRECT_NOT_ALLOWED(
      403,
      "redirect-not-allowed",
      "The redirectUrl is not on the allow-list",
      "The host of redirectUrl is not one that this gateway lets users be sent to. Ask the"
          + " operator to add it to init.redirectHosts."),
  BAD_SIGNATURE(
      403,
      "bad-signature",
      "The countdown link is not valid",
      "The link's signature does not fit its client id and expiry, or its key is no longer listed."
          + " Use the link exactly as it was handed out."),
  ORIGIN_NOT_ALLOWED(
      403,
      "origin-not-allowed",
      "Pages of this origin may not do this",
      "The page that asked is of an origin that http.allowedOrigins does not list. Ask the operator"
          + " to add it."),
  NOT_FOUND(404, "not-found", "No such resource", "Nothing is served at this path."),
  METHOD_NOT_ALLOWED(
      405,
      "method-not-allowed",
      "The method is not allowed here",
      "This path exists, but not for this method: the Allow header lists those that it serves."),
  REQUEST_TIMEOUT(
      408,
      "request-timeout",
      "The request did not arrive in time",
      "The request's body was not complete within the time limit. Nothing was sent to Infopass."),
  IDEMPOTENCY_CONFLICT(
      409,
      "idempotency-conflict",
      "A request with this key is still running",
      "The first request with this Idempotency-Key has not been answered yet. Wait and repeat it,"
          + " or send 'Prefer: wait=N' to be given its answer."),
  BODY_TOO_LARGE(
      413,
      "body-too-large",
      "The body is too large",
      "The body is larger than this gateway takes. An init request is a few hundred bytes."),
  URI_TOO_LONG(
      414, "uri-too-long", "The request line is too long", "The request line exceeds its limit."),
  UNSUPPORTED_MEDIA_TYPE(
      415,
      "unsupported-media-type",
      "The content type is not supported",
      "Send 'Content-Type: application/json'."),
  EXPECTATION_FAILED(
      417,
      "expectation-failed",
      "The expectation cannot be met",
      "Only 'Expect: 100-continue' is known."),
  IDEMPOTENCY_MISMATCH(
      422,
      "idempotency-mismatch",
      "The key was used with another body",
      "This Idempotency-Key came earlier with a different request. Use a new key for each new"
          + " request."),
  UPSTREAM_REJECTED(
      422,
      "upstream-rejected",
      "Infopass refused this request",
      "Infopass looked at the request and said no. Its status, code and message are in 'upstream'."
          + " The same request will be refused again."),
  QUOTA_EXCEEDED(
      429,
      "quota-exceeded",
      "Your quota is used up",
      "You have sent more requests than were agreed for the current window. Retry-After says when"
          + " there is room again."),
  HEADERS_TOO_LARGE(
      431,
      "headers-too-large",
      "The header fields are too large",
      "The request's header section exceeds its limit."),
  INTERNAL(
      500,
      "internal",
      "Internal error",
      "A fault of the gateway. Report the correlation id to its operator."),
  UPSTREAM_UNREACHABLE(
      502,
      "upstream-unreachable",
      "Infopass cannot be reached",
      "No connection to Infopass could be made (address, network or TLS). Nothing was sent: it is"
          + " safe to repeat the request."),
  UPSTREAM_MALFORMED(
      502,
      "upstream-malformed",
      "Infopass sent an answer that cannot be used",
      "The answer was not the documented one, or carried no usable link. A link may have been made"
          + " that nobody received."),
  UPSTREAM_FAILED(
      502,
      "upstream-failed",
      "Infopass failed",
      "Infopass answered with an error of its own, or the connection was lost after the request had"
          + " been sent. A link may have been made that nobody received."),
  UPSTREAM_CREDENTIALS(
      502,
      "upstream-credentials",
      "Infopass refused the gateway's credentials",
      "The gateway's own account at Infopass was refused. Its operator has to act; callers cannot."),
  CIRCUIT_OPEN(
      503,
      "circuit-open",
      "Infopass is failing; calls are held back",
      "Too many of the recent calls to Infopass failed or were slow, so none are made for a moment."
          + " Nothing was sent: repeat the request after Retry-After."),
  OVERLOADED(
      503,
      "overloaded",
      "The gateway is at its limit",
      "More requests are in flight than this gateway takes. Nothing was sent: repeat the request"
          + " after Retry-After."),
  UPSTREAM_BUSY(
      503,
      "upstream-busy",
      "Infopass is busy",
      "Infopass takes no more requests at the moment (its quota or capacity). Repeat the request"
          + " after Retry-After."),
  DRAINING(
      503,
      "draining",
      "The gateway is stopping",
      "This instance is being stopped and takes no new requests. Nothing was sent: repeat the"
          + " request, another instance will take it."),
  DEADLINE_EXCEEDED(
      504,
      "deadline-exceeded",
      "No complete answer in time",
      "Infopass did not answer completely before the deadline. 'outcome' says whether the request"
          + " had been sent."),
  VERSION_NOT_SUPPORTED(
      505, "version-not-supported", "The HTTP version is not supported", "Use HTTP/1.1 or HTTP/2.");

  private static final Map<String, Problem> BY_SLUG =
      Arrays.stream(values()).collect(Collectors.toMap(Problem::slug, Function.identity()));

  private final int status;
  private final String slug;
  private final String title;
  private final String explanation;

  Problem(int status, String slug, String title, String explanation) {
    this.status = status;
    this.slug = slug;
    this.title = title;
    this.explanation = explanation;
  }

  /** The HTTP status; also the failure code on the event bus. */
  public int status() {
    return status;
  }

  /** The last segment of the problem's type, {@code /problems/<slug>}. */
  public String slug() {
    return slug;
  }

  /** The type URI reference of RFC 9457. */
  public String type() {
    return "/problems/" + slug;
  }

  /** A short summary for people that does not change from occurrence to occurrence. */
  public String title() {
    return title;
  }

  /** What it means and what to do, for the page behind {@link #type()}. */
  public String explanation() {
    return explanation;
  }

  /** The problem with this slug, if there is one. */
  public static Optional<Problem> bySlug(String slug) {
    return Optional.ofNullable(BY_SLUG.get(slug));
  }
}
