package infopass.gateway.infopass;

import infopass.gateway.json.MalformedJsonException;
import infopass.gateway.json.StrictJson;
import java.io.ByteArrayOutputStream;
import java.util.Set;

/**
 * Members of the partner's document that have a name which the gateway appends: two members of one
 * name would be no JSON. All other bytes stay as they are. Stateless.
 */
final class OurMembers {
  private static final Set<String> NAMES = Set.of("correlationId", "countdown");

  private OurMembers() {}

  static boolean has(String name) {
    return NAMES.contains(name);
  }

  /**
   * The document without them.
   *
   * @throws MalformedJsonException where it is not one strict JSON object
   */
  static byte[] removedFrom(byte[] document) throws MalformedJsonException {
    Kept kept = new Kept(document);
    int closingBrace =
        StrictJson.readTolerantly(
            document,
            (name, value) -> {
              StrictJson.skip(value);
              kept.member(has(name), (int) value.currentLocation().getByteOffset());
            });
    return kept.closedAt(closingBrace);
  }

  /** What is kept so far, up to the end of some member's value. */
  private static final class Kept {
    private final byte[] document;
    private final ByteArrayOutputStream out;
    private int end;
    private boolean first = true;
    private boolean any;

    private Kept(byte[] document) {
      this.document = document;
      this.out = new ByteArrayOutputStream(document.length);
      while (document[end++] != '{') {
        // White space before the object.
      }
      out.write(document, 0, end);
    }

    private void member(boolean dropped, int valueEnd) {
      int from = end;
      if (!first) {
        while (document[from++] != ',') {
          // White space before the comma.
        }
      }
      if (!dropped) {
        if (any) {
          out.write(',');
        }
        any = true;
        out.write(document, from, valueEnd - from);
      }
      first = false;
      end = valueEnd;
    }

    private byte[] closedAt(int brace) {
      out.write(document, end, brace + 1 - end);
      return out.toByteArray();
    }
  }
}
