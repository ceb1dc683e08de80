package infopass.gateway.cluster;

import infopass.gateway.cluster.ClusterConfig.Role;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What a node tells of itself, once a second at the most.
 *
 * @param id as the cluster calls it
 * @param roles what it does
 * @param serving whether it takes work: not before it is ready, and not once it was told to stop
 * @param versions of the conversation between nodes that it speaks
 * @param pace how its calls stand
 */
record Node(String id, Set<Role> roles, boolean serving, List<Integer> versions, Pace pace) {
  private static final int FORMAT = 1;
  private static final int MAX_VERSIONS = 100;

  /**
   * How a node's calls to the partner stand.
   *
   * @param used calls that count for the quota now
   * @param limit of calls in a window, as learned; 0 where nothing is
   * @param perMillis the window
   * @param holdMillis how long nothing is to be sent, since the partner said so
   * @param left calls that count of nodes that have left
   */
  record Pace(int used, int limit, long perMillis, long holdMillis, int left) {
    static final Pace NONE = new Pace(0, 0, 0, 0, 0);
  }

  Node {
    roles = Set.copyOf(roles);
    versions = List.copyOf(versions);
  }

  boolean has(Role role) {
    return roles.contains(role);
  }

  byte[] encoded() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(64);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(FORMAT);
      out.writeBoolean(has(Role.HTTP));
      out.writeBoolean(has(Role.INFOPASS));
      out.writeBoolean(serving);
      out.writeInt(versions.size());
      for (int version : versions) {
        out.writeInt(version);
      }
      out.writeInt(pace.used());
      out.writeInt(pace.limit());
      out.writeLong(pace.perMillis());
      out.writeLong(pace.holdMillis());
      out.writeInt(pace.left());
    } catch (IOException e) {
      throw new UncheckedIOException(e); // Memory does not fail.
    }
    return bytes.toByteArray();
  }

  /** What a later version appends is not looked at. */
  static Node decoded(String id, byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      in.readByte();
      Set<Role> roles = EnumSet.noneOf(Role.class);
      if (in.readBoolean()) {
        roles.add(Role.HTTP);
      }
      if (in.readBoolean()) {
        roles.add(Role.INFOPASS);
      }
      boolean serving = in.readBoolean();
      int count = in.readInt();
      if (count < 0 || count > MAX_VERSIONS) {
        throw new IOException("too many versions");
      }
      List<Integer> versions = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        versions.add(in.readInt());
      }
      Pace pace = new Pace(in.readInt(), in.readInt(), in.readLong(), in.readLong(), in.readInt());
      return new Node(id, roles, serving, versions, pace);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
