package infopass.gateway.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Reads one JSON document (RFC 8259) from bytes and accepts nothing that two readers could take for
 * two different documents: UTF-8 only and well-formed, no byte-order mark, no duplicate names, no
 * comments, no NaN, no lone surrogates, no trailing data, at most {@value #MAX_DEPTH} levels.
 *
 * <p>Thread-safe. The parser's own messages quote the document, so they never leave this class.
 */
public final class StrictJson {
  /** Most levels of nesting, the outermost object included. */
  public static final int MAX_DEPTH = 32;

  private static final int MAX_DOCUMENT_BYTES = 1 << 20;

  /** Most levels that are read tolerantly: fewer than readers behind us take by default. */
  private static final int MAX_TOLERATED_DEPTH = 500;

  private static final JsonFactory STRICT = factory(true, MAX_DEPTH);
  private static final JsonFactory TOLERANT = factory(false, MAX_TOLERATED_DEPTH);

  private static JsonFactory factory(boolean uniqueNames, int maxDepth) {
    return JsonFactory.builder()
        .configure(StreamReadFeature.STRICT_DUPLICATE_DETECTION, uniqueNames)
        .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
        .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
        .streamReadConstraints(
            StreamReadConstraints.builder()
                .maxNestingDepth(maxDepth)
                .maxNumberLength(MAX_DOCUMENT_BYTES)
                .maxStringLength(MAX_DOCUMENT_BYTES)
                .build())
        .build();
  }

  private StrictJson() {}

  /** Takes the members of the outermost object, one by one. */
  @FunctionalInterface
  public interface Members {
    /**
     * Called for each member, the parser standing on the value. The implementation may read a
     * nested value to its end or leave it where it is.
     */
    void member(String name, JsonParser value) throws IOException;
  }

  /**
   * Reads a document that is one object.
   *
   * @return the index of the brace that closes it
   * @throws NotAnObjectException where it is strict JSON, but not an object
   * @throws MalformedJsonException where it is not strict JSON; says where, never what
   */
  public static int readObject(byte[] document, Members members) throws MalformedJsonException {
    return read(STRICT, document, members);
  }

  /**
   * Reads a document of a sender that is not strict: names may come twice, and there may be {@value
   * #MAX_TOLERATED_DEPTH} levels. All else is as in {@link #readObject}; it is the caller's to
   * refuse a second member of a name that it reads.
   */
  public static int readTolerantly(byte[] document, Members members) throws MalformedJsonException {
    return read(TOLERANT, document, members);
  }

  private static int read(JsonFactory factory, byte[] document, Members members)
      throws MalformedJsonException {
    requireUtf8(document);
    try (JsonParser parser = factory.createParser(document)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        requireRestIsJson(parser);
        throw new NotAnObjectException();
      }
      while (nextName(parser) != null) {
        String name = parser.currentName();
        parser.nextToken();
        requireText(parser);
        members.member(name, parser);
        skipRest(parser);
      }
      int closingBrace = (int) parser.currentTokenLocation().getByteOffset();
      if (parser.nextToken() != null) {
        throw malformed("data after the end of the document", parser);
      }
      return closingBrace;
    } catch (JsonProcessingException e) {
      throw malformed("not valid", e);
    } catch (MalformedJsonException e) {
      throw e;
    } catch (IOException e) {
      throw new MalformedJsonException("not readable");
    }
  }

  /** The next member's name within the current object, or null at its end. */
  public static String nextName(JsonParser parser) throws IOException {
    if (parser.nextToken() == JsonToken.FIELD_NAME) {
      requirePaired(parser.currentName(), parser);
      return parser.currentName();
    }
    return null;
  }

  /** Where the current value is an array or object, goes to its end. */
  public static void skip(JsonParser parser) throws IOException {
    requireText(parser);
    skipRest(parser);
  }

  private static void requireRestIsJson(JsonParser parser) throws IOException {
    if (parser.currentToken() == null) {
      throw malformed("empty", parser);
    }
    skip(parser);
    if (parser.nextToken() != null) {
      throw malformed("data after the end of the document", parser);
    }
  }

  /** Where the current value is an array or object, reads it to its end, checking all of it. */
  private static void skipRest(JsonParser parser) throws IOException {
    int depth = 0;
    JsonToken token = parser.currentToken();
    if (token != null && token.isStructStart()) {
      depth = 1;
    }
    while (depth > 0) {
      token = parser.nextToken();
      if (token == null) {
        throw malformed("cut off", parser);
      }
      if (token.isStructStart()) {
        depth++;
      } else if (token.isStructEnd()) {
        depth--;
      } else if (token == JsonToken.FIELD_NAME) {
        requirePaired(parser.currentName(), parser);
      } else {
        requireText(parser);
      }
    }
  }

  private static void requireText(JsonParser parser) throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_STRING) {
      requirePaired(parser.getText(), parser);
    }
  }

  /** Escapes can spell half of a surrogate pair, which no UTF-8 can carry on. */
  private static void requirePaired(String text, JsonParser parser) throws IOException {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        boolean pair =
            Character.isHighSurrogate(c)
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1));
        if (!pair) {
          throw malformed("a lone surrogate", parser);
        }
        i++;
      }
    }
  }

  private static void requireUtf8(byte[] document) throws MalformedJsonException {
    int i = 0;
    while (i < document.length && document[i] > 0) {
      i++;
    }
    if (i == document.length) {
      return;
    }
    if (document[i] == 0) {
      throw new MalformedJsonException("not UTF-8 text (byte " + i + ")");
    }
    if (document.length >= 3 && document[0] == (byte) 0xEF && document[1] == (byte) 0xBB) {
      throw new MalformedJsonException("a byte-order mark at the start");
    }
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(document));
    } catch (CharacterCodingException e) {
      throw new MalformedJsonException("not well-formed UTF-8");
    }
  }

  private static MalformedJsonException malformed(String what, JsonParser parser) {
    return new MalformedJsonException(
        what + " at byte " + Math.max(0, parser.currentLocation().getByteOffset()));
  }

  private static MalformedJsonException malformed(String what, JsonProcessingException e) {
    return e.getLocation() == null
        ? new MalformedJsonException(what)
        : new MalformedJsonException(
            what + " at byte " + Math.max(0, e.getLocation().getByteOffset()));
  }
}
