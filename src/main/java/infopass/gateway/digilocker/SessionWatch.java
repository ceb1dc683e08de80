package infopass.gateway.digilocker;

/** Told of every link that was given, once; belongs to the event loop that made it. */
@FunctionalInterface
public interface SessionWatch {
  void initiated(InitSession session, String correlationId, String caller);
}
