package infopass.gateway.http;

import infopass.gateway.digilocker.InitFailure;
import infopass.gateway.digilocker.Problem;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code GET /problems/{slug}}: what a problem means, for people. Belongs to one event loop. */
public final class ProblemPages implements RouteGroup {
  private static final String PAGE =
      """
      <!doctype html>
      <html lang="en"><head><meta charset="utf-8"><title>%2$s</title>
      <meta name="viewport" content="width=device-width"></head>
      <body><main><h1>%2$s</h1><p>%4$s</p>
      <p>Problem type <code>/problems/%1$s</code>, HTTP status %3$d.</p></main></body></html>
      """;

  private final Map<Problem, Buffer> pages = new EnumMap<>(Problem.class);

  /** With all pages made beforehand. */
  public ProblemPages() {
    for (Problem problem : Problem.values()) {
      pages.put(problem, page(problem));
    }
  }

  @Override
  public List<Endpoint> endpoints() {
    return List.of(
        new Endpoint(HttpMethod.GET, "/problems/:slug", "What a problem means", this::page));
  }

  private void page(Exchange exchange) {
    Optional<Problem> problem = Problem.bySlug(exchange.pathParam("slug"));
    if (problem.isEmpty()) {
      exchange.fail(InitFailure.of(Problem.NOT_FOUND, "There is no problem of this name."));
      return;
    }
    exchange.reply(200, "text/html; charset=utf-8", pages.get(problem.get()));
  }

  private static Buffer page(Problem known) {
    return Buffer.buffer(
        PAGE.formatted(known.slug(), known.title(), known.status(), known.explanation()));
  }
}
