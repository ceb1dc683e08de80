package infopass.gateway;

import infopass.gateway.http.Asset;
import infopass.gateway.http.Endpoint;
import infopass.gateway.http.RouteGroup;
import io.vertx.core.http.HttpMethod;
import java.util.ArrayList;
import java.util.List;

/**
 * What browsers load: the countdown's web component and, where enabled, the try-it page; on the
 * management port the operations page.
 */
final class WebFiles implements RouteGroup {
  private static final String JAVASCRIPT = "text/javascript; charset=utf-8";
  private static final String STYLESHEET = "text/css; charset=utf-8";
  private static final String PAGE = "text/html; charset=utf-8";
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
          + " img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

  private static final String COMPONENT = "digilocker-countdown.js";
  private static final String EVERYBODY = "cross-origin";

  private final boolean page;

  /**
   * @param page whether the try-it page is served
   */
  WebFiles(boolean page) {
    this.page = page;
  }

  @Override
  public List<Endpoint> endpoints() {
    List<Endpoint> served = new ArrayList<>();
    served.add(asset(COMPONENT, JAVASCRIPT, "The countdown as a web component"));
    served.add(file("/favicon.ico", "icon.svg", "image/svg+xml", "The icon of every page"));
    if (page) {
      served.add(asset("try.js", JAVASCRIPT, "The try-it page's script"));
      served.add(asset("try.css", STYLESHEET, "The try-it page's style"));
      served.add(asset("icon.svg", "image/svg+xml", "The try-it page's icon"));
      served.add(file("/", "index.html", PAGE, "A page to try it"));
    }
    return served;
  }

  /** The operations page, for the management port only. */
  static RouteGroup operations() {
    return () ->
        List.of(
            own("/", "operations.html", PAGE, "The operations page"),
            own("/assets/operations.js", "operations.js", JAVASCRIPT, "Its script"),
            own("/assets/operations.css", "operations.css", STYLESHEET, "Its style"),
            own("/assets/icon.svg", "icon.svg", "image/svg+xml", "Its icon"));
  }

  private static Endpoint own(String path, String name, String type, String summary) {
    return file(path, name, type, summary, "same-origin");
  }

  private static Endpoint asset(String name, String type, String summary) {
    return file("/assets/" + name, name, type, summary);
  }

  private static Endpoint file(String path, String name, String type, String summary) {
    // Pages of other origins may use the component.
    return file(path, name, type, summary, EVERYBODY);
  }

  private static Endpoint file(
      String path, String name, String type, String summary, String readers) {
    Asset asset = new Asset(type, PublicFiles.load("web/" + name));
    return new Endpoint(
        HttpMethod.GET,
        path,
        summary,
        exchange -> {
          exchange
              .header("Content-Security-Policy", POLICY)
              .header("Referrer-Policy", "no-referrer")
              .header("Cross-Origin-Resource-Policy", readers);
          if (name.equals(COMPONENT)) {
            // A module script of another origin is only run where it may be read.
            exchange.header("Access-Control-Allow-Origin", "*");
          }
          asset.answer(exchange);
        });
  }
}
