package infopass.gateway.callers;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Tells who asks, from the credentials that came with a request. Thread-safe. */
public interface Callers {

  /** What the credentials are worth. */
  sealed interface Verdict {

    /** They are good, or are for the partner to judge. */
    record Known(Caller caller) implements Verdict {}

    /**
     * They are wrong.
     *
     * @param delay how long to hold the answer back, so that guessing takes time
     * @param close whether the connection is to end with the answer
     * @param release to be run when an answer that was held back has been given
     */
    record Wrong(Duration delay, boolean close, Runnable release) implements Verdict {}
  }

  /**
   * @param source where the request came from, for instance a network address
   */
  Verdict identify(BasicAuthorization credentials, String source);

  /**
   * A sender within this process, which is trusted to say who it is.
   *
   * @param id the name it gives itself
   * @param own its credentials for the partner; empty for the gateway's own
   * @return empty where it brought no credentials and the gateway has none
   */
  Optional<Caller> inside(String id, Optional<String> own);

  /**
   * Lets this process give out its share of every caller's quota only.
   *
   * @param nodes how many processes there are
   * @param index which of them this is, from 0
   */
  default void divide(int nodes, int index) {}

  /** The ids that are configured; empty where callers are not known beforehand. */
  List<String> ids();
}
