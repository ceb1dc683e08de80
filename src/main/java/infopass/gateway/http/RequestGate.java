package infopass.gateway.http;

import infopass.gateway.digilocker.Problem;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpVersion;
import java.util.function.LongSupplier;

/**
 * Stands before the codec of an HTTP/1 connection and lets one right request at a time through: the
 * next one waits, as bytes, until the answer before it was written, and past a few KiB of those the
 * connection is not read. What is no request is refused here, and nothing behind it is looked at.
 * Belongs to one event loop.
 */
final class RequestGate extends ChannelInboundHandlerAdapter implements Lateness {
  /** Most bytes behind a request in work, give or take one read. */
  private static final int READ_AHEAD = 4 * 1024;

  /** Most requests of one connection before others have their turn. */
  private static final int IN_A_ROW = 1;

  private enum Mode {
    REQUESTS,
    /** The answer in work is the last one. */
    LAST,
    /** Nothing that comes is looked at any more. */
    DEAF,
    /** No HTTP any more, but a WebSocket. */
    OPEN
  }

  private final RequestFraming framing;
  private final PipelineTurns turns;
  private final LongSupplier nanoTime;
  private ChannelHandlerContext context;
  private ChannelHandlerContext codec;
  private Mode mode = Mode.REQUESTS;
  private ByteBuf held = Unpooled.EMPTY_BUFFER;
  private boolean answered = true;
  private boolean idle;
  private long idleSince;
  private boolean passing;
  private int begun;
  private boolean waitingForTurn;
  private boolean throttled;
  private boolean switching;
  private boolean used;
  private long waitingSince;

  RequestGate(RequestFraming framing, PipelineTurns turns, LongSupplier nanoTime) {
    this.framing = framing;
    this.turns = turns;
    this.nanoTime = nanoTime;
    this.waitingSince = nanoTime.getAsLong();
  }

  /** Tells it what stands behind: refusals are put there. Call it once both are in the pipeline. */
  void before(ChannelHandlerContext decoder) {
    codec = decoder;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (mode == Mode.OPEN || !(message instanceof ByteBuf bytes)) {
      ctx.fireChannelRead(message);
      return;
    }
    if (mode == Mode.DEAF) {
      bytes.release();
      return;
    }
    if (held.isReadable()) {
      held = ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(ctx.alloc(), held, bytes);
    } else {
      if (framing.finished() || framing.inHead()) {
        waitingSince = nanoTime.getAsLong();
      }
      held = bytes;
    }
    pass();
  }

  private void pass() {
    if (passing) {
      return;
    }
    passing = true;
    begun = 0;
    try {
      while (held.isReadable() && step()) {
        used = true;
      }
    } finally {
      passing = false;
    }
    if (begun > IN_A_ROW && !waitingForTurn) {
      waitingForTurn = true;
      turns.add(context.executor(), this::turn);
    }
    throttle(framing.finished() && held.readableBytes() > READ_AHEAD);
  }

  /** Lets some bytes through; false where nothing more can be done now. */
  private boolean step() {
    if (framing.finished()) {
      if (mode == Mode.LAST) {
        goDeaf();
        return false;
      }
      if (!answered || switching || mode != Mode.REQUESTS || ++begun > IN_A_ROW) {
        return false;
      }
      framing.next();
      answered = false;
      waitingSince = nanoTime.getAsLong();
    }
    int bytes = framing.take(held);
    if (framing.fault() != null) {
      refuse(framing.fault());
      return false;
    }
    // Blank lines before a request are none.
    idle &= framing.inHead();
    if (bytes > 0) {
      context.fireChannelRead(taken(bytes));
    }
    return bytes > 0;
  }

  private ByteBuf taken(int bytes) {
    if (bytes < held.readableBytes()) {
      return held.readRetainedSlice(bytes);
    }
    ByteBuf all = held;
    held = Unpooled.EMPTY_BUFFER;
    return all;
  }

  /** Hands on, in place of a request or of the rest of one, why there is none. */
  private void refuse(Exception fault) {
    HttpObject refused =
        framing.inHead()
            ? new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/")
            : new DefaultLastHttpContent();
    refused.setDecoderResult(DecoderResult.failure(fault));
    goDeaf();
    codec.fireChannelRead(refused);
  }

  private void goDeaf() {
    mode = Mode.DEAF;
    drop();
    throttle(false);
  }

  private void drop() {
    ByteBuf dropped = held;
    held = Unpooled.EMPTY_BUFFER;
    dropped.release();
  }

  private void throttle(boolean full) {
    if (full != throttled) {
      throttled = full;
      context.channel().config().setAutoRead(!full);
    }
  }

  /** The head of an answer is being written. */
  void answering(int status, boolean last) {
    switching |= status == 101;
    if (last && mode == Mode.REQUESTS) {
      mode = Mode.LAST;
    }
  }

  /** The last of an answer has been given to the codec. */
  void answered() {
    answered = true;
    if (switching || !passing && held.isReadable()) {
      // Not before those who are writing have finished.
      context.executor().execute(this::resume);
    }
  }

  /** Its turn has come, after others had theirs. */
  private void turn() {
    waitingForTurn = false;
    resume();
  }

  private void resume() {
    if (context.isRemoved() || mode == Mode.DEAF) {
      return;
    }
    if (switching) {
      mode = Mode.OPEN;
      throttle(false);
      if (held.isReadable()) {
        context.fireChannelRead(taken(held.readableBytes()));
      }
    } else {
      pass();
    }
    context.fireChannelReadComplete();
  }

  /**
   * Ends a connection whose first request, or whose begun head, is late, with an answer where a
   * request was begun; and one on which nothing has been asked for too long. Who waits for an
   * answer, or receives one, is not idle.
   */
  @Override
  public boolean late(long now, Limits limits) {
    if (mode == Mode.DEAF || mode == Mode.OPEN) {
      return false;
    }
    long waiting = now - waitingSince;
    if (!used && !held.isReadable()) {
      if (waiting > limits.firstNanos()) {
        goDeaf();
        context.close();
        return true;
      }
    } else if (framing.inHead() && held.isReadable() && waiting > limits.headNanos()) {
      refuse(
          new Refusal(Problem.REQUEST_TIMEOUT, "The head of the request did not arrive in time."));
      context.fireChannelReadComplete();
      return true;
    } else if (idleFor(now) > limits.idleNanos()) {
      goDeaf();
      context.close();
      return true;
    }
    return false;
  }

  /** Since a look at it first found nothing to do. */
  private long idleFor(long now) {
    boolean waits = !answered && !framing.inHead();
    ChannelOutboundBuffer out = context.channel().unsafe().outboundBuffer();
    if (waits || held.isReadable() || out != null && out.totalPendingWriteBytes() > 0) {
      idle = false;
      return 0;
    }
    if (!idle) {
      idle = true;
      idleSince = now;
    }
    return now - idleSince;
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (mode != Mode.OPEN) {
      goDeaf();
    }
    ctx.fireChannelInactive();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    drop();
  }
}
