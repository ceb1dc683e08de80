package infopass.gateway.sandbox;

/**
 * What a client is handed out, and the document that says so.
 *
 * @param expirySeconds as JSON: a number, or a string in its quotes
 */
record Link(String clientId, String token, String expirySeconds) {

  private static final String HOST = "digilocker-sdk.notbot.in";
  private static final String HEAD =
      "{\"code\":\"0x0200\",\"message\":\"Record found successful.\",\"status\":\"SUCCESS\",\"data\":{\"clientId\":\"";

  Link withToken(String token) {
    return new Link(clientId, token, expirySeconds);
  }

  Link withExpiry(String expirySeconds) {
    return new Link(clientId, token, expirySeconds);
  }

  String document() {
    return document(url(HOST));
  }

  String document(String url) {
    return HEAD
        + clientId
        + "\",\"token\":\""
        + token
        + "\",\"url\":\""
        + url
        + "\",\"expirySeconds\":"
        + expirySeconds
        + "}}";
  }

  String url(String host) {
    return "https://"
        + host
        + "/?gateway=production&type=digilocker&token="
        + token
        + "&auth_type=web";
  }
}
