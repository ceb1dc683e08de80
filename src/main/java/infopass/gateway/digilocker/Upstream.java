package infopass.gateway.digilocker;

/**
 * What the partner said when it refused, made safe to show: bounded, without control characters and
 * without the caller's personal data.
 *
 * @param status its HTTP status
 * @param code its own code, such as {@code 0x0422}; null when it gave none
 * @param message its own words; null when it gave none
 */
public record Upstream(int status, String code, String message) {}
