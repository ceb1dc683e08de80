package infopass.gateway.config;

/**
 * One broken rule, still in parts so that its place can be looked up.
 *
 * @param section where the key lives, perhaps empty
 * @param key the key inside the section, perhaps empty
 * @param rule what should hold
 * @param was the value as it may be shown, or null
 */
record Fault(String section, String key, String rule, String was) {
  static Fault at(String path, String rule) {
    return new Fault("", path, rule, null);
  }

  String path() {
    return section.isEmpty() || key.isEmpty() ? section + key : section + "." + key;
  }

  Fault withoutValue() {
    return new Fault(section, key, rule, null);
  }

  /**
   * Says the same of the place where the record was really read: a record of a list, or one used in
   * several places, knows only the tail of its path ({@code callers}, not {@code auth.callers[2]}).
   */
  Fault movedTo(String node) {
    String plain = withoutIndices(node);
    boolean same = section.isEmpty() || plain.equals(section) || plain.endsWith("." + section);
    return same ? new Fault(node, key, rule, was) : this;
  }

  static String withoutIndices(String path) {
    return path.replaceAll("\\[\\d+]", "");
  }

  @Override
  public String toString() {
    String text = path().isEmpty() ? rule : path() + ": " + rule;
    return was == null ? text : text + ", was " + was;
  }
}
