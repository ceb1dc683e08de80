package infopass.gateway.cluster;

import io.vertx.core.eventbus.EventBus;
import java.util.List;

/**
 * How an init is handed to another node: addresses and codecs, by version. A new way to write a
 * message is a new version beside the old one; nodes use the newest that both speak.
 */
final class Conversation {
  private static final String LEFT = "infopass.gateway.left.";

  private final List<Version> versions;
  private final List<Integer> numbers;

  /**
   * One way to write the messages.
   *
   * @param number higher is newer
   */
  record Version(int number, WireCodec<Handover> handover, WireCodec<Handback> handback) {

    /** Where a node takes inits that are written like this. */
    String address(String node) {
      return "infopass.gateway.init.v" + number + '.' + node;
    }
  }

  /**
   * @param versions that this node speaks, the newest first
   */
  Conversation(List<Version> versions) {
    this.versions = List.copyOf(versions);
    this.numbers = versions.stream().map(Version::number).toList();
  }

  /** What this build speaks. */
  static Conversation current() {
    return new Conversation(
        List.of(
            new Version(
                1,
                WireCodec.handover("infopass.init.v1"),
                WireCodec.handback("infopass.outcome.v1"))));
  }

  void register(EventBus bus) {
    for (Version version : versions) {
      bus.registerCodec(version.handover());
      bus.registerCodec(version.handback());
    }
  }

  List<Version> versions() {
    return versions;
  }

  List<Integer> numbers() {
    return numbers;
  }

  /** The newest that a node speaks too; null where there is none. */
  Version with(Node node) {
    for (Version version : versions) {
      if (node.versions().contains(version.number())) {
        return version;
      }
    }
    return null;
  }

  /** Where a node is told that a caller has left. */
  static String left(String node) {
    return LEFT + node;
  }

  /** Which call that was. */
  static String callOf(String node, long call) {
    return node + '#' + call;
  }
}
