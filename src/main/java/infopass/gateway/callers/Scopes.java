package infopass.gateway.callers;

/** What duplicates are told apart by, for callers whose credentials alone do not say it. */
final class Scopes {
  private Scopes() {}

  /** A sender within this process: its name and what it pays with. */
  static String inside(String id, String authorization) {
    return "inside:" + id.length() + ':' + id + ':' + authorization;
  }

  /** A configured caller, whichever of its secrets it used. */
  static String configured(String id) {
    return "caller:" + id;
  }
}
