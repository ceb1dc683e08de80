package infopass.gateway.bus;

/** The event-bus addresses that others may rely on. */
public final class Addresses {
  /** Request/reply: JSON object with the five fields to JSON object equal to the HTTP answer. */
  public static final String INIT = "infopass.digilocker.init";

  /** Published: {@code {"name","state"}} whenever the circuit to the partner changes its state. */
  public static final String CIRCUIT = "infopass.gateway.circuit";

  /** The client instances of this process, any of them; for this package's conversation alone. */
  public static final String PARTNER = "infopass.gateway.partner";

  private Addresses() {}

  /** The client instance of one event loop of this process. */
  static String partnerOf(String loop) {
    return PARTNER + '.' + loop;
  }
}
