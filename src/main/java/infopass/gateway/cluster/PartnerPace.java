package infopass.gateway.cluster;

import java.time.Duration;

/** How this process paces its calls to the partner, as far as other nodes matter. Thread-safe. */
public interface PartnerPace {
  /**
   * How things stand here.
   *
   * @param known calls that the partner allows all nodes together in a window; 0 if it is unknown
   * @param knownPer that window
   * @param used calls of this node that count in the window now
   * @param limit of this node in a window, if it is confirmed; 0 otherwise
   * @param per the window that is kept to
   * @param hold how long nothing is to be sent, since the partner said so
   */
  record Standing(int known, Duration knownPer, int used, int limit, Duration per, Duration hold) {}

  Standing standing();

  /** This node's share of what the partner is known to allow. */
  void allowed(int requests);

  /** This node's share of what other nodes have learned. */
  void learned(int requests, Duration per);

  /** Another node was told to send nothing for so long. */
  void hold(Duration time);
}
