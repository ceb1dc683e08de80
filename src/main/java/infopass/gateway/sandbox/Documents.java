package infopass.gateway.sandbox;

/** What the partner says when it does not hand out a link. */
final class Documents {

  private Documents() {}

  /** Both go in as they are: the caller keeps them free of quotes. */
  static String failure(String code, String message) {
    return "{\"code\":\"" + code + "\",\"message\":\"" + message + "\",\"status\":\"FAILURE\"}";
  }

  /** A failure with the code that goes with an HTTP status: 0x0 and its three digits. */
  static String failure(int status, String message) {
    return failure("0x0" + status, message);
  }

  /** The page of a firewall that has never heard of JSON. */
  static String page(String title) {
    return "<!DOCTYPE html>\n<html><head><title>"
        + title
        + "</title></head><body><h1>"
        + title
        + "</h1><p>Your request was blocked.</p></body></html>\n";
  }
}
