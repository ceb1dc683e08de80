package infopass.gateway.http;

import java.util.List;

/**
 * What one feature serves. Made anew for each listener instance, so its fields belong to that
 * instance's event loop.
 */
public interface RouteGroup {
  List<Endpoint> endpoints();
}
