package infopass.gateway;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The bytes of an init request, right unless told otherwise. Immutable. */
final class RawInit {
  private final String requestLine;
  private final List<String> fields;
  private final byte[] body;
  private final boolean announced;

  private RawInit(String requestLine, List<String> fields, byte[] body, boolean announced) {
    this.requestLine = requestLine;
    this.fields = List.copyOf(fields);
    this.body = body;
    this.announced = announced;
  }

  static RawInit seed() {
    return new RawInit(
        "POST " + RunningGateway.INIT + " HTTP/1.1",
        List.of(
            "Host: localhost",
            "Authorization: " + RunningGateway.basic("user", "pass"),
            "Content-Type: application/json"),
        RunningGateway.SEED.getBytes(StandardCharsets.UTF_8),
        true);
  }

  RawInit requestLine(String line) {
    return new RawInit(line, fields, body, announced);
  }

  RawInit method(String method) {
    return requestLine(method + " " + RunningGateway.INIT + " HTTP/1.1");
  }

  RawInit target(String target) {
    return requestLine("POST " + target + " HTTP/1.1");
  }

  RawInit body(String text) {
    return body(text.getBytes(StandardCharsets.UTF_8));
  }

  RawInit body(byte[] bytes) {
    return new RawInit(requestLine, fields, bytes, announced);
  }

  /** Without a Content-Length of its own. */
  RawInit unannounced() {
    return new RawInit(requestLine, fields, body, false);
  }

  RawInit with(String field) {
    List<String> more = new ArrayList<>(fields);
    more.add(field);
    return new RawInit(requestLine, more, body, announced);
  }

  RawInit without(String name) {
    String prefix = name.toLowerCase(Locale.ROOT) + ":";
    List<String> fewer =
        fields.stream().filter(f -> !f.toLowerCase(Locale.ROOT).startsWith(prefix)).toList();
    return new RawInit(requestLine, fewer, body, announced);
  }

  /** With this field in place of those of its name. */
  RawInit changed(String field) {
    return without(field.substring(0, field.indexOf(':'))).with(field);
  }

  /** The body as chunks of at most that size. */
  RawInit chunked(int chunkSize) {
    StringBuilder chunks = new StringBuilder();
    String text = new String(body, StandardCharsets.ISO_8859_1);
    for (int at = 0; at < text.length(); at += chunkSize) {
      String chunk = text.substring(at, Math.min(text.length(), at + chunkSize));
      chunks.append(Integer.toHexString(chunk.length())).append("\r\n").append(chunk);
      chunks.append("\r\n");
    }
    chunks.append("0\r\n\r\n");
    return with("Transfer-Encoding: chunked")
        .unannounced()
        .body(chunks.toString().getBytes(StandardCharsets.ISO_8859_1));
  }

  byte[] head() {
    StringBuilder head = new StringBuilder(requestLine).append("\r\n");
    fields.forEach(field -> head.append(field).append("\r\n"));
    if (announced) {
      head.append("Content-Length: ").append(body.length).append("\r\n");
    }
    return head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  byte[] content() {
    return body;
  }

  byte[] bytes() {
    byte[] head = head();
    byte[] whole = new byte[head.length + body.length];
    System.arraycopy(head, 0, whole, 0, head.length);
    System.arraycopy(body, 0, whole, head.length, body.length);
    return whole;
  }
}
