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
  private static final String HTML = "text/html; charset=utf-8";
  private static final String PAGE =
      """
      <!doctype html>
      <html lang="en"><head><meta charset="utf-8"><title>%2$s</title>
      <meta name="viewport" content="width=device-width"></head>
      <body><main><h1>%2$s</h1><p>%4$s</p>
      <p>Problem type <code>/problems/%1$s</code>, HTTP status %3$s.</p></main></body></html>
      """;

  private static final String INDEX =
      """
      <!doctype html>
      <html lang="en"><head><meta charset="utf-8"><title>Problems</title>
      <meta name="viewport" content="width=device-width"></head>
      <body><main><h1>Problems</h1><ul>
      %s</ul></main></body></html>
      """;

  private final Map<Problem, Asset> pages = new EnumMap<>(Problem.class);
  private final Asset index;

  /** With all pages made beforehand. */
  public ProblemPages() {
    for (Problem problem : Problem.values()) {
      pages.put(problem, page(problem));
    }
    StringBuilder entries = new StringBuilder();
    for (Problem problem : Problem.values()) {
      entries.append(
          "<li><a href=\"/problems/%1$s\"><code>%1$s</code></a> %2$s</li>\n"
              .formatted(problem.slug(), problem.title()));
    }
    index = new Asset(HTML, Buffer.buffer(INDEX.formatted(entries)));
  }

  @Override
  public List<Endpoint> endpoints() {
    return List.of(
        new Endpoint(HttpMethod.GET, "/problems", "All problems there are", index::answer),
        new Endpoint(HttpMethod.GET, "/problems/:slug", "What a problem means", this::page));
  }

  private void page(Exchange exchange) {
    Optional<Problem> problem = Problem.bySlug(exchange.pathParam("slug"));
    if (problem.isEmpty()) {
      exchange.fail(InitFailure.of(Problem.NOT_FOUND, "There is no problem of this name."));
      return;
    }
    pages.get(problem.get()).answer(exchange);
  }

  private static Asset page(Problem known) {
    return new Asset(
        HTML,
        Buffer.buffer(
            PAGE.formatted(known.slug(), known.title(), known.status(), known.explanation())));
  }
}
