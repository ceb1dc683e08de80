package infopass.gateway.json;

/** A document is strict JSON, but not an object. */
public final class NotAnObjectException extends MalformedJsonException {
  private static final long serialVersionUID = 1L;

  NotAnObjectException() {
    super("must be a JSON object");
  }
}
