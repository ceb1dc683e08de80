package infopass.gateway.http;

import infopass.gateway.digilocker.Problem;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Map;
import java.util.Set;

/**
 * The grammar of a request's head (RFC 9112 sections 3 and 5), on the bytes as they came: a codec
 * that is lenient has forgotten them by the time it shows a request. Stateless; lines are given
 * without their CRLF.
 */
final class HeadSyntax {
  private static final String ALPHANUMERIC =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

  /** RFC 9110 section 5.6.2. */
  private static final boolean[] TOKEN = table(ALPHANUMERIC + "!#$%&'*+-.^_`|~");

  /** What RFC 3986 lets stand in a target; a fragment is none of the server's. */
  private static final boolean[] TARGET = table(ALPHANUMERIC + "-._~:/?[]@!$&'()*+,;=%");

  private static final Set<String> SCHEMES = Set.of("http", "https");

  private static final byte[] HTTP_1_1 = {'H', 'T', 'T', 'P', '/', '1', '.', '1'};
  private static final int VERSION_LENGTH = HTTP_1_1.length;

  private HeadSyntax() {}

  private static boolean[] table(String characters) {
    boolean[] table = new boolean[256];
    characters.chars().forEach(c -> table[c] = true);
    return table;
  }

  /** What is wrong with {@code method SP target SP version}; null where nothing is. */
  static Refusal faultOfRequestLine(ByteBuf in, int from, int to) {
    int method = span(TOKEN, in, from, to);
    if (method == from || method == to || in.getByte(method) != ' ') {
      return Refusal.invalid("The request line has no valid method.");
    }
    int target = span(TARGET, in, method + 1, to);
    if (target == method + 1 || target == to || in.getByte(target) != ' ') {
      return Refusal.invalid("The request line has no valid target.");
    }
    return faultOfVersion(in, target + 1, to);
  }

  private static Refusal faultOfVersion(ByteBuf in, int from, int to) {
    if (to - from == VERSION_LENGTH && startsWith(in, from, HTTP_1_1, VERSION_LENGTH - 1)) {
      byte minor = in.getByte(to - 1);
      if (minor == '1' || minor == '0') {
        return null;
      }
    }
    return looksLikeVersion(in, from, to)
        ? new Refusal(Problem.VERSION_NOT_SUPPORTED, "The HTTP version is neither 1.0 nor 1.1.")
        : Refusal.invalid("The request line does not end with a version.");
  }

  /** {@code NAME/digit.digit}. */
  private static boolean looksLikeVersion(ByteBuf in, int from, int to) {
    int slash = to - 4;
    for (int i = from; i < slash; i++) {
      byte c = in.getByte(i);
      if (c < 'A' || c > 'Z') {
        return false;
      }
    }
    return slash > from
        && in.getByte(slash) == '/'
        && digit(in.getByte(slash + 1))
        && in.getByte(slash + 2) == '.'
        && digit(in.getByte(slash + 3));
  }

  /** Whether the request line that was found valid ends with HTTP/1.0. */
  static boolean isHttp10(ByteBuf in, int to) {
    return in.getByte(to - 1) == '0';
  }

  /** What is wrong with {@code name ":" value}; null where nothing is. */
  static Refusal faultOfField(ByteBuf in, int from, int to) {
    int colon = span(TOKEN, in, from, to);
    if (colon == from) {
      byte first = in.getByte(from);
      return first == ' ' || first == '\t'
          ? Refusal.invalid("A field is folded over more than one line.")
          : Refusal.invalid("A field has no valid name.");
    }
    if (colon == to || in.getByte(colon) != ':') {
      return Refusal.invalid("A field's name is not followed by a colon.");
    }
    for (int i = colon + 1; i < to; i++) {
      int c = in.getByte(i) & 0xff;
      if (c < ' ' && c != '\t' || c == 0x7f) {
        return Refusal.invalid("A field's value has a control character.");
      }
    }
    return null;
  }

  /**
   * What is malformed in the fields of a request on HTTP/2 beyond what the codec checks (RFC 9113
   * sections 8.2.1 and 8.3.1); null where nothing is.
   */
  static String faultOfHttp2(Http2Headers headers) {
    if (!consistsOf(TOKEN, headers.method())) {
      return "the method is no token";
    }
    if (!consistsOf(TARGET, headers.path())) {
      return "the path has characters that need an escape";
    }
    int hosts = headers.getAll(HttpHeaderNames.HOST).size();
    if (hosts > 1 || hosts == 0 && headers.authority() == null) {
      return "the host is missing or comes more than once";
    }
    CharSequence scheme = headers.scheme();
    if (scheme != null && !SCHEMES.contains(scheme.toString())) {
      return "the scheme is not that of HTTP";
    }
    for (Map.Entry<CharSequence, CharSequence> field : headers) {
      CharSequence value = field.getValue();
      if (value.length() > 0
          && (blank(value.charAt(0)) || blank(value.charAt(value.length() - 1)))) {
        return "a value begins or ends with white space";
      }
    }
    return null;
  }

  private static boolean consistsOf(boolean[] table, CharSequence text) {
    for (int i = 0; text != null && i < text.length(); i++) {
      if (text.charAt(i) > 0xff || !table[text.charAt(i)]) {
        return false;
      }
    }
    return text == null || text.length() > 0;
  }

  private static boolean blank(char c) {
    return c == ' ' || c == '\t';
  }

  /** Where the name of a valid field line ends. */
  static int endOfName(ByteBuf in, int from, int to) {
    return span(TOKEN, in, from, to);
  }

  /** Whether these bytes are this lower-case text, in any case. */
  static boolean equalsIgnoringCase(ByteBuf in, int from, int to, String text) {
    if (to - from != text.length()) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      int c = in.getByte(from + i);
      if ((c >= 'A' && c <= 'Z' ? c | 0x20 : c) != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  static boolean digit(byte c) {
    return c >= '0' && c <= '9';
  }

  private static boolean startsWith(ByteBuf in, int from, byte[] expected, int count) {
    for (int i = 0; i < count; i++) {
      if (in.getByte(from + i) != expected[i]) {
        return false;
      }
    }
    return true;
  }

  /** Where the run of these characters ends. */
  private static int span(boolean[] table, ByteBuf in, int from, int to) {
    int at = from;
    while (at < to && table[in.getByte(at) & 0xff]) {
      at++;
    }
    return at;
  }

  /** The first of these bytes that is neither space nor tab. */
  static int skipBlanks(ByteBuf in, int from, int to) {
    int at = from;
    while (at < to && blank(in.getByte(at))) {
      at++;
    }
    return at;
  }

  /** The end of these bytes without the spaces and tabs before it. */
  static int trimBlanks(ByteBuf in, int from, int to) {
    int at = to;
    while (at > from && blank(in.getByte(at - 1))) {
      at--;
    }
    return at;
  }

  private static boolean blank(byte c) {
    return c == ' ' || c == '\t';
  }
}
