package infopass.gateway.sandbox;

/**
 * What the sandbox has decided about one request.
 *
 * @param answer what goes onto the wire
 * @param clientId the client id in the answer, or null
 * @param scenario why the answer is what it is, or null in the ordinary course of things
 * @param delayMillis how long the answer waits
 */
record Reply(Answer answer, String clientId, String scenario, long delayMillis) {

  static Reply of(Answer answer) {
    return new Reply(answer, null, null, 0);
  }

  Reply handingOut(Link link) {
    return new Reply(answer, link.clientId(), scenario, delayMillis);
  }

  Reply named(String scenario) {
    return new Reply(answer, clientId, scenario, delayMillis);
  }

  Reply after(long millis) {
    return millis == 0 ? this : new Reply(answer, clientId, scenario, delayMillis + millis);
  }
}
