package infopass.gateway.digilocker;

/**
 * One fault of a request body.
 *
 * @param pointer where: a JSON pointer as a URI fragment (RFC 6901 section 6), such as {@code
 *     #/mobile}
 * @param detail which rule is broken; never the value
 */
public record FieldFault(String pointer, String detail) {}
