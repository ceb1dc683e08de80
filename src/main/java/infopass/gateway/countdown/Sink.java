package infopass.gateway.countdown;

/** Where a stream's events go: a browser's event source or a WebSocket. */
interface Sink {
  /** Whether the reader is behind, so that a further event would be piled up. */
  boolean full();

  /**
   * Sends one event.
   *
   * @param event its name
   * @param id the remaining seconds
   * @param json the countdown's object
   */
  void send(String event, long id, String json);

  /** Keeps a silent connection from being taken for a dead one. */
  void beat();

  /** The session is over: nothing follows. */
  void end();

  /** The gateway is stopping: the reader should come back to another instance. */
  void goAway();

  /** The reader does not read: the connection is closed without ceremony. */
  void drop();
}
