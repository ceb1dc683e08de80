package infopass.gateway;

import java.lang.reflect.Proxy;

/**
 * Runs an action on SIGHUP in place of the JVM's own, which ends the process. By reflection, since
 * the class that takes signals is in a module that is there but not of the platform's API.
 */
final class HangUp {
  private HangUp() {}

  /**
   * @param action runs on a thread of the JVM's own, once a signal
   * @return whether there is such a signal here
   */
  static boolean handle(Runnable action) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object handling =
          Proxy.newProxyInstance(
              HangUp.class.getClassLoader(),
              new Class<?>[] {handler},
              (proxy, method, arguments) -> {
                if (method.getName().equals("handle")) {
                  action.run();
                  return null;
                }
                return method.getName().equals("equals")
                    ? (Object) (proxy == arguments[0])
                    : method.getName().equals("hashCode") ? (Object) 1 : "HangUp";
              });
      Object hangUp = signal.getConstructor(String.class).newInstance("HUP");
      signal.getMethod("handle", signal, handler).invoke(null, hangUp, handling);
      return true;
    } catch (ReflectiveOperationException | IllegalArgumentException none) {
      return false; // Windows has none.
    }
  }
}
