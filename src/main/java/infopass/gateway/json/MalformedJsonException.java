package infopass.gateway.json;

import java.io.IOException;

/**
 * A document is not strict JSON. The message says where and which rule, and quotes nothing of it.
 * Expected, so without a stack trace.
 */
public class MalformedJsonException extends IOException {
  private static final long serialVersionUID = 1L;

  public MalformedJsonException(String message) {
    super(message);
  }

  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
