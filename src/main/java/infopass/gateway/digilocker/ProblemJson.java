package infopass.gateway.digilocker;

/** Writes a failure as a problem document: {@code application/problem+json} of RFC 9457. */
public final class ProblemJson {
  private ProblemJson() {}

  /** The document, one line; {@code errors}, {@code upstream} and the others only where known. */
  public static String of(InitFailure failure, String correlationId) {
    Problem problem = failure.problem();
    StringBuilder out = new StringBuilder(320);
    member(out.append('{'), "type", problem.type());
    member(out.append(','), "title", problem.title());
    out.append(",\"status\":").append(failure.status());
    member(out.append(','), "detail", failure.detail());
    member(out.append(','), "correlationId", correlationId);
    if (failure.outcome() != null) {
      member(out.append(','), "outcome", failure.outcome().word());
    }
    if (failure.retryAfter() != null) {
      out.append(",\"retryAfterSeconds\":").append(failure.retryAfterSeconds());
    }
    if (failure.upstream() != null) {
      upstream(out, failure.upstream());
    }
    if (!failure.errors().isEmpty()) {
      errors(out, failure);
    }
    return out.append('}').toString();
  }

  private static void upstream(StringBuilder out, Upstream upstream) {
    out.append(",\"upstream\":{\"status\":").append(upstream.status());
    if (upstream.code() != null) {
      member(out.append(','), "code", upstream.code());
    }
    if (upstream.message() != null) {
      member(out.append(','), "message", upstream.message());
    }
    out.append('}');
  }

  private static void errors(StringBuilder out, InitFailure failure) {
    out.append(",\"errors\":[");
    String separator = "";
    for (FieldFault fault : failure.errors()) {
      member(out.append(separator).append('{'), "pointer", fault.pointer());
      member(out.append(','), "detail", fault.detail());
      out.append('}');
      separator = ",";
    }
    out.append(']');
  }

  private static void member(StringBuilder out, String name, String value) {
    out.append('"').append(name).append("\":\"");
    escape(out, value);
    out.append('"');
  }

  private static void escape(StringBuilder out, String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < 0x20 || c == 0x7f || Character.isSurrogate(c)) {
        out.append("\\u").append(Hex.of(c), 12, 16);
      } else {
        out.append(c);
      }
    }
  }
}
