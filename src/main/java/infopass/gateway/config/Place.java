package infopass.gateway.config;

/**
 * Where in which source; line and column count from 1, and 0 is unknown.
 *
 * @param source the name that the operator gave, or empty
 */
record Place(String source, int line, int column) {
  static final Place UNKNOWN = new Place("", 0, 0);

  /** Sorts the unknown behind all that is known. */
  int order() {
    return line == 0 ? Integer.MAX_VALUE : line;
  }

  String prefix() {
    StringBuilder out = new StringBuilder(source);
    if (line > 0) {
      out.append(':').append(line);
    }
    if (column > 0) {
      out.append(':').append(column);
    }
    return out.isEmpty() ? "" : out.append(": ").toString();
  }
}
