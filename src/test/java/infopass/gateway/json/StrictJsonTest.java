package infopass.gateway.json;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StrictJsonTest {
  private static final String SECRET = "asha@example.in";

  private static int read(byte[] document) throws MalformedJsonException {
    return StrictJson.readObject(document, (name, value) -> {});
  }

  private static int read(String document) throws MalformedJsonException {
    return read(document.getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        " {} ",
        "\t\r\n{}\t\r\n ",
        "{\"a\":1}",
        "{\"a\":-0}",
        "{\"a\":0.5}",
        "{\"a\":1e5}",
        "{\"a\":1E+5}",
        "{\"a\":1e-5}",
        "{\"a\":1e999999999}",
        "{\"a\":123456789012345678901234567890}",
        "{\"a\":true,\"b\":false,\"c\":null}",
        "{\"a\":\"\"}",
        "{\"\":1}",
        "{\"a\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\"}",
        "{\"a\":\"\\u0000\"}",
        "{\"a\":\"\u007f\"}",
        "{\"a\":\"कुमार\"}",
        "{\"a\":\"\uD83D\uDE00\"}",
        "{\"a\":\"\\ud83d\\ude00\"}",
        "{\"a\":\"\\uD83D\\uDE00\\ud83d\\ude00\"}",
        "{\"\\ud83d\\ude00\":1}",
        "{\"a\":\"\uFEFF\"}",
        "{\"a\":\"\u2028\u2029\"}",
        "{\"a\":[]}",
        "{\"a\":[1,\"}\",{\"b\":\"{\"}]}",
        "{\"a\":{\"b\":1},\"c\":{\"b\":1}}",
        "{\"a\":[{\"x\":1},{\"x\":1}]}",
        "{\"a\":1,\"A\":2}",
        "{ \"a\" : [ 1 , 2 ] , \"b\" : { } }",
        "{\"__proto__\":{}}",
        "{\"a\":\"//no /*comment*/\"}",
        "{\"a\":\"NaN\"}",
      })
  void acceptsStrictDocumentsAndFindsTheirEnd(String document) throws Exception {
    byte[] bytes = document.getBytes(StandardCharsets.UTF_8);

    int end = read(bytes);

    assertEquals('}', bytes[end]);
    assertTrue(
        new String(bytes, end + 1, bytes.length - end - 1, StandardCharsets.UTF_8).isBlank());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "}",
        "{\"a\"",
        "{\"a\":",
        "{\"a\":1",
        "{\"a\":1,",
        "{\"a\":1,}",
        "{,}",
        "{\"a\":1,,\"b\":2}",
        "{\"a\" 1}",
        "{\"a\"::1}",
        "{a:1}",
        "{'a':1}",
        "{\"a\":'x'}",
        "{1:1}",
        "{null:1}",
        "{\"a\":x}",
        "{\"a\":TRUE}",
        "{\"a\":tru}",
        "{\"a\":truex}",
        "{\"a\":NaN}",
        "{\"a\":-NaN}",
        "{\"a\":Infinity}",
        "{\"a\":-Infinity}",
        "{\"a\":+1}",
        "{\"a\":01}",
        "{\"a\":-01}",
        "{\"a\":.5}",
        "{\"a\":1.}",
        "{\"a\":1.e5}",
        "{\"a\":1e}",
        "{\"a\":1e+}",
        "{\"a\":-}",
        "{\"a\":--1}",
        "{\"a\":0x1}",
        "{\"a\":1_000}",
        "{\"a\":1 2}",
        "{\"a\":\"x}",
        "{\"a\":\"\\x\"}",
        "{\"a\":\"\\u12\"}",
        "{\"a\":\"\\u12g4\"}",
        "{\"a\":\"\\'\"}",
        "{\"a\":\"\n\"}",
        "{\"a\":\"\t\"}",
        "{\"a\":\"\u0001\"}",
        "{\"a\":\"\u0000\"}",
        "{\"a\":1}\u0000",
        "\u0000{}",
        "\u000b{}",
        "\u00a0{}",
        "{}\u00a0",
        "\uFEFF{}",
        "{}{}",
        "{}}",
        "{} x",
        "{},",
        "{}1",
        "{}//",
        "//x\n{}",
        "/**/{}",
        "{/**/}",
        "{\"a\":1#x\n}",
        "{\"a\":1,\"a\":1}",
        "{\"a\":1,\"\\u0061\":2}",
        "{\"b\":{\"a\":1,\"a\":2}}",
        "{\"b\":[{\"a\":1,\"a\":2}]}",
        "{\"a\":\"\\ud800\"}",
        "{\"a\":\"\\udc00\"}",
        "{\"a\":\"\\ud800x\"}",
        "{\"a\":\"\\ude00\\ud83d\"}",
        "{\"a\":\"\\ud83d\\ud83d\\ude00\"}",
        "{\"a\":[\"\\ud800\"]}",
        "{\"a\":{\"b\":\"\\ud800\"}}",
        "{\"\\ud800\":1}",
        "{\"a\":{\"\\ud800\":1}}",
        "{\"a\":[}",
        "{\"a\":[1}",
        "{\"a\":{]}",
        "{\"a\":[1,]}",
        "{\"a\":[,1]}",
        "1 2",
        "[",
        "[1]]",
        "[\"\\ud800\"]",
        "nul",
        "\"x",
      })
  void refusesEverythingElse(String document) {
    MalformedJsonException thrown =
        assertThrows(MalformedJsonException.class, () -> read(document));

    assertFalse(thrown instanceof NotAnObjectException, thrown.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "[{\"a\":1}]", "null", "true", "1", "1e5", "\"{}\"", " [1] \n"})
  void tellsAnotherValueFromNoJson(String document) {
    assertThrows(NotAnObjectException.class, () -> read(document));
  }

  @Test
  void refusesBytesThatAreNotUtf8() {
    List<byte[]> bodies =
        List.of(
            new byte[] {(byte) 0xC0, (byte) 0xAF}, // overlong
            new byte[] {(byte) 0xE0, (byte) 0x80, (byte) 0xAF}, // overlong
            new byte[] {(byte) 0xED, (byte) 0xA0, (byte) 0x80}, // a surrogate
            new byte[] {(byte) 0xF4, (byte) 0x90, (byte) 0x80, (byte) 0x80}, // beyond Unicode
            new byte[] {(byte) 0xF8, (byte) 0x88, (byte) 0x80, (byte) 0x80, (byte) 0x80},
            new byte[] {(byte) 0x80},
            new byte[] {(byte) 0xE2, (byte) 0x82},
            new byte[] {(byte) 0xFF});
    for (byte[] odd : bodies) {
      String text = "{\"a\":\"" + new String(odd, StandardCharsets.ISO_8859_1) + "\"}";
      assertThrows(
          MalformedJsonException.class, () -> read(text.getBytes(StandardCharsets.ISO_8859_1)));
    }
    for (String charset : List.of("UTF-16LE", "UTF-16BE", "UTF-16", "UTF-32LE", "UTF-32BE")) {
      byte[] encoded = "{\"a\":1}".getBytes(Charset.forName(charset));
      assertThrows(MalformedJsonException.class, () -> read(encoded), charset);
    }
  }

  @Test
  void goesThirtyTwoLevelsDeepAndNoDeeper() throws Exception {
    assertEquals(32, StrictJson.MAX_DEPTH);
    for (String level : List.of("[]", "{\"a\":}")) {
      assertEquals(nested(level, 32).length() - 1, read(nested(level, 32)));
      assertThrows(MalformedJsonException.class, () -> read(nested(level, 33)));
      assertThrows(MalformedJsonException.class, () -> read(nested(level, 100_000)));
    }
  }

  private static String nested(String level, int depth) {
    String open = level.substring(0, level.length() - 1);
    String close = level.substring(level.length() - 1);
    int inner = depth - 1;
    return "{\"a\":"
        + (open.repeat(inner - 1) + open.charAt(0) + close + close.repeat(inner - 1))
        + "}";
  }

  @Test
  void quotesNothingOfTheDocument() {
    for (String document :
        List.of(
            "{\"a\":" + SECRET + "}",
            "{\"" + SECRET + "\":1,\"" + SECRET + "\":2}",
            "{\"a\":\"" + SECRET + "\n\"}",
            "{\"a\":\"" + SECRET + "\\ud800\"}",
            SECRET,
            "{} " + SECRET,
            "{\"a\":\"" + SECRET)) {
      MalformedJsonException thrown =
          assertThrows(MalformedJsonException.class, () -> read(document));

      assertFalse(thrown.getMessage().contains("asha"), thrown.getMessage());
      assertEquals(null, thrown.getCause());
    }
  }

  @Test
  void findsTheEndOfRandomDocuments() throws Exception {
    SplittableRandom random = new SplittableRandom(7);
    for (int i = 0; i < 2_000; i++) {
      // Given
      String object = object(random, 4);
      String before = blank(random);
      byte[] document = (before + object + blank(random)).getBytes(StandardCharsets.UTF_8);
      byte[] upTo = (before + object).getBytes(StandardCharsets.UTF_8);

      // When, Then
      assertEquals(upTo.length - 1, read(document));
    }
  }

  @Test
  void failsOnlyAsAgreedWhateverItReads() {
    SplittableRandom random = new SplittableRandom(11);
    for (int i = 0; i < 20_000; i++) {
      byte[] mutant = mutant(random, object(random, 3).getBytes(StandardCharsets.UTF_8));
      assertDoesNotThrow(
          () -> {
            try {
              int end = read(mutant);
              assertEquals('}', mutant[end]);
            } catch (MalformedJsonException expected) {
              assertFalse(expected.getMessage().isEmpty());
            }
          },
          () -> new String(mutant, StandardCharsets.ISO_8859_1));
    }
  }

  private static byte[] mutant(SplittableRandom random, byte[] document) {
    byte[] bytes = document;
    for (int n = random.nextInt(1, 4); n > 0; n--) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(4)) {
        case 0 -> bytes[at] = (byte) random.nextInt(256);
        case 1 -> bytes[at] = (byte) "{}[]\",:\\0eE+-. u".charAt(random.nextInt(16));
        case 2 -> bytes = java.util.Arrays.copyOf(bytes, Math.max(1, at));
        default -> {
          byte[] longer = new byte[bytes.length + 1];
          System.arraycopy(bytes, 0, longer, 0, at);
          longer[at] = bytes[random.nextInt(bytes.length)];
          System.arraycopy(bytes, at, longer, at + 1, bytes.length - at);
          bytes = longer;
        }
      }
    }
    return bytes;
  }

  private static String object(SplittableRandom random, int depth) {
    List<String> members = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      members.add("\"n" + i + text(random) + "\"" + blank(random) + ":" + value(random, depth));
    }
    return "{" + blank(random) + String.join(",", members) + "}";
  }

  private static String value(SplittableRandom random, int depth) {
    return switch (random.nextInt(depth == 0 ? 3 : 5)) {
      case 0 -> Long.toString(random.nextLong());
      case 1 -> "\"" + text(random) + "\"";
      case 2 -> List.of("true", "false", "null", "1.5e3").get(random.nextInt(4));
      case 3 -> "[" + value(random, depth - 1) + "," + value(random, depth - 1) + "]";
      default -> object(random, depth - 1);
    };
  }

  private static String text(SplittableRandom random) {
    return List.of(
            "", "}", "{", "\\\"", "\\\\", "é", "नमस्ते", "\uD83D\uDE00", "\\ud83d\\ude00", "a b")
        .get(random.nextInt(10));
  }

  private static String blank(SplittableRandom random) {
    return List.of("", " ", "\n", "\t ", "\r\n").get(random.nextInt(5));
  }
}
