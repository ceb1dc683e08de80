package infopass.gateway;

import infopass.gateway.http.Asset;
import infopass.gateway.http.Endpoint;
import infopass.gateway.http.RouteGroup;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/** Files that the jar carries and the public port hands out; read once, at the start. */
final class PublicFiles implements RouteGroup {
  private static final Asset OPENAPI = new Asset("application/yaml", load("openapi.yaml"));

  @Override
  public List<Endpoint> endpoints() {
    return List.of(
        new Endpoint(
            HttpMethod.GET, "/openapi.yaml", "The description of this API", OPENAPI::answer));
  }

  /** A file beside this class in the jar. */
  static Buffer load(String name) {
    try (InputStream in = PublicFiles.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is missing from the jar");
      }
      return Buffer.buffer(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
