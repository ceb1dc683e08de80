package infopass.gateway.sandbox;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Reads as much of an init request's body as the sandbox cares for. */
final class InitBody {

  private static final int MAX_DEPTH = 32;
  private static final int MAX_DOCUMENT_BYTES = 1 << 20;

  /** Within the bounds of a request at the gateway: what that lets through is taken here. */
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxNumberLength(MAX_DOCUMENT_BYTES)
                  .maxStringLength(MAX_DOCUMENT_BYTES)
                  .build())
          .build();

  private static final List<String> REQUIRED =
      List.of("name", "email", "mobile", "redirectUrl", "state");
  private static final int ALL_REQUIRED = (1 << REQUIRED.size()) - 1;

  private InitBody() {}

  /** The name in the body, or nothing if the partner would not take the body for a request. */
  static Optional<String> nameIn(byte[] body) {
    try (JsonParser parser = JSON.createParser(body)) {
      return nameIn(parser);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> nameIn(JsonParser parser) throws IOException {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      return Optional.empty();
    }
    int seen = 0;
    String name = null;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      int member = REQUIRED.indexOf(parser.currentName());
      JsonToken value = parser.nextToken();
      if (member >= 0) {
        seen |= 1 << member;
      }
      if (member == 0) {
        name = value == JsonToken.VALUE_STRING ? parser.getText() : null;
      }
      parser.skipChildren();
    }
    return seen == ALL_REQUIRED ? Optional.ofNullable(name) : Optional.empty();
  }
}
