package infopass.gateway.infopass;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps calls with the gateway's own account back once the partner has refused it (unknown,
 * forbidden, balance used up) to three calls in a row: nobody's call would fare better, and
 * hammering gets accounts locked. A single refusal may be about its request alone. One call probes
 * after 5 s, then after twice as long each time, up to a minute; the first that is not refused ends
 * the hold. One per process; thread-safe.
 */
public final class AccountHold {
  private static final Logger LOG = LoggerFactory.getLogger(AccountHold.class);
  private static final int ENOUGH = 3;
  private static final Duration FIRST = Duration.ofSeconds(5);
  private static final Duration LONGEST = Duration.ofSeconds(60);
  private static final Duration SOON = Duration.ofSeconds(1);

  private final LongSupplier nanoTime;
  private Duration length = Duration.ZERO;
  private long since;
  private boolean probing;
  private int refusedInARow;
  private int credentials;

  public AccountHold(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** A call's leave to go. Exactly one of its methods is to be called when it is over. */
  final class Pass {
    private final long begun;
    private final boolean probe;
    private final int of = credentials;

    private Pass(long begun, boolean probe) {
      this.begun = begun;
      this.probe = probe;
    }

    /** The partner refused the account. */
    void refused(int status) {
      accountRefused(this, status);
    }

    /** The partner took the account, whatever it thought of the request. */
    void accepted() {
      accountAccepted(this);
    }

    /** The partner said nothing of the account. */
    void untold() {
      probeOver(this);
    }
  }

  /** Ends the hold: the account has other credentials from now on. */
  public synchronized void changed() {
    credentials++;
    length = Duration.ZERO;
    probing = false;
    refusedInARow = 0;
  }

  /** Empty while calls are held back, see {@link #retryAfter()}. */
  synchronized Optional<Pass> enter() {
    long now = nanoTime.getAsLong();
    if (!held()) {
      return Optional.of(new Pass(now, false));
    }
    if (probing || now - since < length.toNanos()) {
      return Optional.empty();
    }
    probing = true;
    return Optional.of(new Pass(now, true));
  }

  /** When the next call probes; soon where one is at it. */
  synchronized Duration retryAfter() {
    Duration left = length.minusNanos(nanoTime.getAsLong() - since);
    return left.compareTo(SOON) < 0 ? SOON : left;
  }

  /** Whether calls with the gateway's own account are being held back. */
  public synchronized boolean held() {
    return !length.isZero();
  }

  private void accountRefused(Pass pass, int status) {
    Duration next;
    synchronized (this) {
      if (pass.of != credentials) {
        return; // It was about those of before.
      }
      if (held() && !pass.probe) {
        return; // It went out before the hold: nothing new.
      }
      if (!held() && ++refusedInARow < ENOUGH) {
        return; // It may be about this request alone.
      }
      refusedInARow = 0;
      next = held() ? length.multipliedBy(2) : FIRST;
      length = next.compareTo(LONGEST) > 0 ? LONGEST : next;
      since = nanoTime.getAsLong();
      probing = false;
      next = length;
    }
    LOG.atError()
        .addKeyValue("upstreamStatus", status)
        .addKeyValue("heldSeconds", next.toSeconds())
        .log("the gateway's own account was refused: calls with it are held back");
  }

  private void accountAccepted(Pass pass) {
    synchronized (this) {
      refusedInARow = 0;
      if (!held() || pass.begun - since < 0 || pass.of != credentials) {
        return;
      }
      length = Duration.ZERO;
      probing = false;
    }
    LOG.warn("the gateway's own account works again");
  }

  private synchronized void probeOver(Pass pass) {
    if (pass.probe && pass.of == credentials) {
      probing = false;
      since = nanoTime.getAsLong();
    }
  }
}
