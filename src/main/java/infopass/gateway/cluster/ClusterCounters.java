package infopass.gateway.cluster;

import java.util.concurrent.atomic.LongAdder;

/** What the nodes did for each other, counted since the start. Thread-safe. */
public final class ClusterCounters {
  private final LongAdder asked = new LongAdder();
  private final LongAdder askedAgain = new LongAdder();
  private final LongAdder lost = new LongAdder();
  private final LongAdder possibleDuplicates = new LongAdder();
  private final LongAdder told = new LongAdder();
  private final LongAdder takenOver = new LongAdder();

  /** A client node has answered. */
  void asked() {
    asked.increment();
  }

  /** A request went to another client node, after the first could not take it. */
  void askedAgain() {
    askedAgain.increment();
  }

  /** A client node did not answer. */
  void lost() {
    lost.increment();
  }

  void possibleDuplicate() {
    possibleDuplicates.increment();
  }

  /** Another node has been told of sessions that are watched here. */
  void told(int sessions) {
    told.add(sessions);
  }

  /** Sessions of a lost node are watched here from now on. */
  void takenOver(int sessions) {
    takenOver.add(sessions);
  }

  public long askedCount() {
    return asked.sum();
  }

  public long askedAgainCount() {
    return askedAgain.sum();
  }

  public long lostCount() {
    return lost.sum();
  }

  public long possibleDuplicateCount() {
    return possibleDuplicates.sum();
  }

  public long toldCount() {
    return told.sum();
  }

  public long takenOverCount() {
    return takenOver.sum();
  }
}
