package infopass.gateway.sandbox;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** The journal as a JSON array. */
final class JournalJson {

  private static final JsonFactory JSON = new JsonFactory();

  private JournalJson() {}

  /** Takes a while for a long journal: not on an event loop. */
  static byte[] of(List<Journal.Entry> entries) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartArray();
      for (Journal.Entry entry : entries) {
        write(json, entry);
      }
      json.writeEndArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void write(JsonGenerator json, Journal.Entry entry) throws IOException {
    json.writeStartObject();
    json.writeStringField("at", entry.at().toString());
    json.writeStringField("method", entry.method());
    json.writeStringField("path", entry.path());
    json.writeStringField("protocol", entry.protocol());
    json.writeStringField("correlationId", entry.correlationId());
    json.writeStringField("traceparent", entry.traceparent());
    json.writeStringField("userAgent", entry.userAgent());
    json.writeArrayFieldStart("headers");
    for (String name : entry.headers()) {
      json.writeString(name);
    }
    json.writeEndArray();
    json.writeStringField("clientId", entry.clientId());
    json.writeStringField("answer", entry.answer());
    json.writeStringField("scenario", entry.scenario());
    if (entry.body() != null) {
      json.writeStringField("body", entry.body());
    }
    json.writeEndObject();
  }
}
