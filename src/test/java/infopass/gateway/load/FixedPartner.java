package infopass.gateway.load;

import infopass.gateway.sandbox.MintedAnswers;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.handler.ssl.SslContext;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * A partner that costs next to nothing and makes next to no garbage, so that what a relay costs and
 * adds is not lost in what its partner does: it answers every request with a link that is made anew
 * each second, at once or after a time, and looks for nothing but the end of the request. On the
 * driver's event loop.
 */
final class FixedPartner implements AutoCloseable {
  private static final byte[] LENGTH = "content-length: ".getBytes(StandardCharsets.US_ASCII);
  private static final int MAX_REQUEST = 16 * 1024;

  private final MintedAnswers answers = new MintedAnswers();
  private final EventLoop loop;
  private final long latencyNanos;
  private final Future<?> renewal;
  private final Channel listener;
  private ByteBuf answer;

  /**
   * @param tls null for none
   * @param latency how long it takes to answer
   */
  FixedPartner(EventLoop loop, SslContext tls, Duration latency) {
    this.loop = loop;
    this.latencyNanos = latency.toNanos();
    renewal = loop.scheduleAtFixedRate(this::renew, 0, 1, TimeUnit.SECONDS);
    listener =
        new ServerBootstrap()
            .group(loop)
            .channel(EpollServerSocketChannel.class)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    if (tls != null) {
                      channel.pipeline().addLast(tls.newHandler(channel.alloc()));
                    }
                    channel.pipeline().addLast(new Server());
                  }
                })
            .bind("127.0.0.1", 0)
            .syncUninterruptibly()
            .channel();
  }

  int port() {
    return ((InetSocketAddress) listener.localAddress()).getPort();
  }

  private void renew() {
    ByteBuf before = answer;
    answer = Unpooled.directBuffer().writeBytes(answers.next());
    if (before != null) {
      before.release();
    }
  }

  @Override
  public void close() {
    renewal.cancel(false);
    listener.close().syncUninterruptibly();
  }

  /** One connection: counts bytes from the head's end on. */
  private final class Server extends ChannelInboundHandlerAdapter {
    private final byte[] request = new byte[MAX_REQUEST];
    private int bytes;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      ByteBuf in = (ByteBuf) message;
      int read = in.readableBytes();
      in.readBytes(request, bytes, read);
      in.release();
      bytes += read;
      if (whole()) {
        bytes = 0;
        if (latencyNanos == 0) {
          context.write(answer.retainedDuplicate(), context.voidPromise());
        } else {
          loop.schedule(() -> answerTo(context), latencyNanos, TimeUnit.NANOSECONDS);
        }
      }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      context.flush();
    }

    private void answerTo(ChannelHandlerContext context) {
      context.writeAndFlush(answer.retainedDuplicate(), context.voidPromise());
    }

    private boolean whole() {
      for (int i = 0; i + 3 < bytes; i++) {
        if (request[i] == '\r' && request[i + 2] == '\r') {
          return bytes >= i + 4 + contentLength(i);
        }
      }
      return false;
    }

    private int contentLength(int end) {
      for (int i = 0; i < end; i++) {
        if (request[i] == '\n' && named(i + 1)) {
          int number = 0;
          for (int at = i + 1 + LENGTH.length; request[at] != '\r'; at++) {
            number = number * 10 + request[at] - '0';
          }
          return number;
        }
      }
      return 0;
    }

    private boolean named(int at) {
      for (int i = 0; i < LENGTH.length; i++) {
        if ((request[at + i] | 0x20) != (LENGTH[i] | 0x20)) {
          return false;
        }
      }
      return true;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }
  }
}
