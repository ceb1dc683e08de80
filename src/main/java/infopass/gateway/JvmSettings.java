package infopass.gateway;

/** System properties that libraries read when they are loaded; what is set outside wins. */
final class JvmSettings {
  private JvmSettings() {}

  /** Call it before anything else. */
  static void apply() {
    prefer(
        "vertx.logger-delegate-factory-class-name",
        "io.vertx.core.logging.SLF4JLogDelegateFactory");
    prefer("vertx.disableFileCPResolving", "true");
    prefer("vertx.disableFileCaching", "true");
    prefer("io.netty.leakDetection.level", "disabled");
    // Flight Recorder's own events remain; those of Netty's pools take a twentieth of a start.
    prefer("io.netty.jfr.enabled", "false");
    prefer("jdk.tls.rejectClientInitiatedRenegotiation", "true");
  }

  private static void prefer(String name, String value) {
    if (System.getProperty(name) == null) {
      System.setProperty(name, value);
    }
  }
}
