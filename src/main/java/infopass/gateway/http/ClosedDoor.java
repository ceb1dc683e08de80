package infopass.gateway.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.unix.Buffer;
import io.netty.channel.unix.RawUnixChannelOption;
import io.netty.util.internal.CleanableDirectBuffer;
import java.nio.ByteBuffer;

/**
 * Makes the kernel drop what would open another connection (SYN) on a listening socket. Closing
 * that socket resets every connection which the kernel has completed and nobody has taken yet: its
 * caller has perhaps sent a request, and cannot know that nobody read it. Behind this door there
 * are soon none. Who knocks meanwhile tries again by itself, and finds the next listener, or is
 * refused. Stateless.
 */
final class ClosedDoor {
  private static final int SOL_SOCKET = 1;
  private static final int SO_ATTACH_FILTER = 26;

  /** {@code struct sock_fprog}: how many instructions, and where they are. */
  private static final RawUnixChannelOption ATTACH =
      new RawUnixChannelOption("SO_ATTACH_FILTER", SOL_SOCKET, SO_ATTACH_FILTER, 2 * Long.BYTES);

  /** Classic BPF, see the kernel's filter documentation; it is shown the TCP header. */
  private static final int LOAD_BYTE = 0x30;

  private static final int JUMP_IF_SET = 0x45;
  private static final int RETURN = 0x06;
  private static final int FLAGS_OFFSET = 13;
  private static final int SYN = 2;
  private static final int WHOLE_SEGMENT = 0x40000;
  private static final int INSTRUCTIONS = 4;
  private static final int INSTRUCTION_BYTES = 8;

  private ClosedDoor() {}

  /** Whether the socket could be told; other transports than epoll cannot. */
  static boolean on(Channel listening) {
    // Beyond 64 bits, or with another transport, the structures below would be others.
    if (Buffer.addressSize() != Long.BYTES || !listening.getClass().getName().contains("Epoll")) {
      return false;
    }
    CleanableDirectBuffer program =
        Buffer.allocateDirectBufferWithNativeOrder(INSTRUCTIONS * INSTRUCTION_BYTES);
    CleanableDirectBuffer filter = Buffer.allocateDirectBufferWithNativeOrder(2 * Long.BYTES);
    try {
      write(program.buffer());
      filter.buffer().putShort(0, (short) INSTRUCTIONS);
      filter.buffer().putLong(Long.BYTES, Buffer.memoryAddress(program.buffer()));
      return listening.config().setOption(ATTACH, filter.buffer());
    } catch (ChannelException notAllowed) {
      return false;
    } finally {
      // The kernel has made a copy.
      program.clean();
      filter.clean();
    }
  }

  private static void write(ByteBuffer program) {
    instruction(program, LOAD_BYTE, 0, FLAGS_OFFSET);
    instruction(program, JUMP_IF_SET, 1, SYN);
    instruction(program, RETURN, 0, 0);
    instruction(program, RETURN, 0, WHOLE_SEGMENT);
  }

  /** One {@code struct sock_filter}, which jumps over so many where its test fails. */
  private static void instruction(ByteBuffer program, int code, int otherwise, int operand) {
    program.putShort((short) code).put((byte) 0).put((byte) otherwise).putInt(operand);
  }
}
