package infopass.gateway.load;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.ssl.SslContext;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Sends one request over and over on a fixed number of connections, at next to no cost: the bytes
 * are made once, and of the answers only status and length are read. Methods are for one thread
 * outside of its event loop.
 *
 * <p>In an open loop time is counted from the moment at which a request was due, so that a stall
 * counts for all that it held up; what finds no idle connection waits for one, and its time counts.
 */
final class Driver implements AutoCloseable {
  /** So many requests a second, for so long. */
  record Step(double perSecond, Duration length) {}

  private static final Duration GRACE = Duration.ofSeconds(25);

  private final EventLoop loop;
  private final ByteBuf request;
  private final InetSocketAddress target;
  private final SslContext tls;
  private final List<Connection> all = new ArrayList<>();
  private final ArrayDeque<Connection> idle = new ArrayDeque<>();
  private final Queue<Long> waiting = new ArrayDeque<>();
  private Tally tally = new Tally(0);
  private boolean closedLoop;
  private boolean ending;
  private volatile long answered;
  private Schedule schedule;
  private CompletableFuture<Tally> over;

  /**
   * @param tls null for plain HTTP
   */
  Driver(
      EventLoop loop, InetSocketAddress target, SslContext tls, byte[] request, int connections) {
    this.loop = loop;
    this.target = target;
    this.tls = tls;
    this.request = Unpooled.unreleasableBuffer(Unpooled.directBuffer().writeBytes(request));
    List<CompletableFuture<Void>> opened = new ArrayList<>();
    for (int i = 0; i < connections; i++) {
      Connection connection = new Connection();
      opened.add(connection.open());
      all.add(connection);
    }
    CompletableFuture.allOf(opened.toArray(CompletableFuture[]::new)).join();
  }

  /** How many answers there were, ever; from any thread. */
  long answered() {
    return answered;
  }

  /** Has every connection busy from now on. */
  void beginClosedLoop() {
    on(() -> {
          closedLoop = true;
          tally = new Tally(System.nanoTime());
          while (!idle.isEmpty()) {
            idle.removeLast().send(System.nanoTime());
          }
          return tally;
        })
        .join();
  }

  /** Lets what is in work end, and tells what became of all since the begin. */
  Tally endClosedLoop() {
    CompletableFuture<Tally> ended = new CompletableFuture<>();
    loop.execute(
        () -> {
          closedLoop = false;
          ending = true;
          over = ended;
          endIfAllIdle();
        });
    return ended.orTimeout(GRACE.toSeconds(), TimeUnit.SECONDS).join();
  }

  /** Sends by the clock, whatever becomes of it, and waits for what was sent. */
  Tally openLoop(List<Step> steps) {
    Duration length = steps.stream().map(Step::length).reduce(Duration.ZERO, Duration::plus);
    CompletableFuture<Tally> ended = new CompletableFuture<>();
    loop.execute(
        () -> {
          over = ended;
          schedule = new Schedule(steps, System.nanoTime() + 1_000_000);
          tally = new Tally(schedule.begun);
          schedule.run();
        });
    loop.schedule(() -> giveUp(ended), length.plus(GRACE).toMillis(), TimeUnit.MILLISECONDS);
    return ended.join();
  }

  /** What has no answer by then never had one. */
  private void giveUp(CompletableFuture<Tally> ended) {
    if (!ended.isDone()) {
      all.stream().filter(open -> open.busy).forEach(open -> tally.lost("no answer", open.due));
      waiting.forEach(due -> tally.lost("not sent", due));
      waiting.clear();
      ending = false;
      ended.complete(tally);
    }
  }

  private <T> CompletableFuture<T> on(Supplier<T> action) {
    return CompletableFuture.supplyAsync(action, loop);
  }

  private void endIfAllIdle() {
    if (ending && idle.size() == all.size() && waiting.isEmpty()) {
      ending = false;
      over.complete(tally);
    }
  }

  /** When requests are due. */
  private final class Schedule implements Runnable {
    private final List<Step> steps;
    private final long begun;
    private long stepBegun;
    private int step;
    private long sent;

    private Schedule(List<Step> steps, long begun) {
      this.steps = steps;
      this.begun = begun;
      this.stepBegun = begun;
    }

    @Override
    public void run() {
      long now = System.nanoTime();
      while (step < steps.size()) {
        long due = nextDue();
        if (due < 0) {
          stepBegun += steps.get(step).length().toNanos();
          step++;
          sent = 0;
        } else if (due <= now) {
          sent++;
          take(due);
        } else {
          loop.schedule(this, due - now, TimeUnit.NANOSECONDS);
          return;
        }
      }
      ending = true;
      endIfAllIdle();
    }

    /** Negative where the step has no more. */
    private long nextDue() {
      Step current = steps.get(step);
      long offset = (long) (sent * 1e9 / current.perSecond());
      return offset >= current.length().toNanos() ? -1 : stepBegun + offset;
    }
  }

  private void take(long due) {
    // In turn, as those of many callers: the last one first would let the others idle until closed.
    Connection connection = idle.pollFirst();
    if (connection == null) {
      waiting.add(due);
    } else {
      connection.send(due);
    }
  }

  @Override
  public void close() {
    on(() -> {
          all.forEach(Connection::close);
          return null;
        })
        .join();
  }

  /** One connection, with at most one request in work. */
  private final class Connection extends ChannelInboundHandlerAdapter {
    private AnswerScanner scanner = new AnswerScanner();
    private Channel channel;
    private long due;
    private boolean busy;
    private boolean closing;

    private CompletableFuture<Void> open() {
      CompletableFuture<Void> opened = new CompletableFuture<>();
      new Bootstrap()
          .group(loop)
          .channel(EpollSocketChannel.class)
          .option(ChannelOption.TCP_NODELAY, true)
          .handler(
              new ChannelInitializer<Channel>() {
                @Override
                protected void initChannel(Channel created) {
                  if (tls != null) {
                    created.pipeline().addLast(tls.newHandler(created.alloc()));
                  }
                  created.pipeline().addLast(Connection.this);
                }
              })
          .connect(target)
          .addListener(
              done -> {
                if (done.isSuccess()) {
                  opened.complete(null);
                } else {
                  opened.completeExceptionally(done.cause());
                }
              });
      return opened;
    }

    @Override
    public boolean isSharable() {
      // Since it is used again, for another channel, when the first has closed.
      return true;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
      channel = context.channel();
      scanner = new AnswerScanner();
      free();
    }

    private void send(long dueAt) {
      due = dueAt;
      busy = true;
      channel.writeAndFlush(request.duplicate(), channel.voidPromise());
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      ByteBuf bytes = (ByteBuf) message;
      try {
        if (scanner.take(bytes)) {
          busy = false;
          answered++;
          tally.answered(scanner.status(), due, System.nanoTime());
          free();
        }
      } finally {
        bytes.release();
      }
    }

    private void free() {
      Long next = waiting.poll();
      if (next != null) {
        send(next);
      } else if (closedLoop) {
        send(System.nanoTime());
      } else {
        idle.addLast(this);
        endIfAllIdle();
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      if (busy) {
        busy = false;
        tally.lost("connection closed", due);
      } else {
        idle.remove(this);
      }
      if (!closing) {
        open();
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }

    private void close() {
      closing = true;
      channel.close();
    }
  }
}
