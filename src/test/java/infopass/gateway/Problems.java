package infopass.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;

/** What every refusal must look like, whatever it is about. */
final class Problems {
  private Problems() {}

  /** Checks the answer against RFC 9457 and the contract, and gives its document. */
  static JsonObject check(RawHttp.Answer answer, int status, String slug) {
    assertEquals(status, answer.status(), () -> answer.statusLine() + "\n" + answer.body());
    assertTrue(answer.statusLine().startsWith("HTTP/1.1 "), answer.statusLine());
    assertEquals("application/problem+json", answer.header("Content-Type"));
    assertEquals("no-store", answer.header("Cache-Control"));
    assertEquals("nosniff", answer.header("X-Content-Type-Options"));
    assertNotNull(answer.header("Date"), "Date");
    JsonObject problem = check(answer.body(), status, slug);
    assertEquals(problem.getString("correlationId"), answer.header("X-Correlation-Id"));
    return problem;
  }

  /** The same, for an answer that the JDK's client has read. */
  static JsonObject check(HttpResponse<String> answer, int status, String slug) {
    assertEquals(status, answer.statusCode(), answer::body);
    assertEquals(
        "application/problem+json", answer.headers().firstValue("Content-Type").orElse(""));
    return check(answer.body(), status, slug);
  }

  /** Checks the document alone. */
  static JsonObject check(String document, int status, String slug) {
    JsonObject problem = new JsonObject(document);
    assertEquals("/problems/" + slug, problem.getString("type"), document);
    assertEquals(status, problem.getInteger("status"), document);
    assertTrue(!problem.getString("title").isBlank(), document);
    assertTrue(!problem.getString("detail").isBlank(), document);
    assertTrue(problem.getString("correlationId").matches("[A-Za-z0-9._:-]{1,128}"), document);
    return problem;
  }
}
