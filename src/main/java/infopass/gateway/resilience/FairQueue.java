package infopass.gateway.resilience;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * A bounded waiting room that is fair between callers: they take turns, and each one's items leave
 * in the order in which they came.
 *
 * <p>Not thread-safe. Adding, taking and removing do not get slower with what waits, but for a
 * logarithm of the room's size.
 */
final class FairQueue<T> {
  private final int maxWaiting;
  private final Map<String, Lane<T>> lanes = new HashMap<>();

  /** The lanes in the order of their turns. */
  private final LinkedHashSet<Lane<T>> turns = new LinkedHashSet<>();

  /** The lanes that hold as many items as the index says. */
  private final List<LinkedHashSet<Lane<T>>> bySize = new ArrayList<>();

  /**
   * A Fenwick tree over depths: how many lanes are at least that deep. Its sum up to a depth is
   * what all lanes together hold up to there.
   */
  private final int[] depths;

  private int deepest;
  private int size;

  FairQueue(int maxWaiting) {
    if (maxWaiting < 0) {
      throw new IllegalArgumentException("maxWaiting must be >= 0, was " + maxWaiting);
    }
    this.maxWaiting = maxWaiting;
    this.depths = new int[maxWaiting + 1];
  }

  int size() {
    return size;
  }

  boolean isFull() {
    return size >= maxWaiting;
  }

  /** The turn, counted from 1, that an item added now would have if nothing came after it. */
  int turnOfNewcomer(String caller) {
    Lane<T> lane = lanes.get(caller);
    return 1 + heldUpTo(lane == null ? 1 : lane.size + 1);
  }

  /**
   * Adds an item behind the others of its caller.
   *
   * @throws IllegalStateException if the room is full
   */
  Place<T> add(String caller, T item) {
    if (isFull()) {
      throw new IllegalStateException("full");
    }
    Lane<T> lane = lanes.computeIfAbsent(caller, Lane::new);
    Place<T> place = new Place<>(lane, item);
    if (lane.append(place) == 1) {
      turns.add(lane);
    }
    resized(lane, lane.size - 1);
    return place;
  }

  /**
   * Makes room for a caller in a full room: takes out the newest item of the caller with most, if
   * that one will still hold no less than this one.
   *
   * @return the item, or null if nobody has to give way
   */
  T displaceFor(String caller) {
    Lane<T> lane = lanes.get(caller);
    int own = lane == null ? 0 : lane.size;
    if (own + 1 >= deepest) {
      return null;
    }
    Place<T> newest = bySize.get(deepest).iterator().next().last;
    remove(newest);
    return newest.item;
  }

  /** The item whose turn it is, or null; it stays. */
  T peek() {
    return size == 0 ? null : turns.iterator().next().first.item;
  }

  /** Takes out the item whose turn it is; null if there is none. */
  T poll() {
    if (size == 0) {
      return null;
    }
    Lane<T> lane = turns.iterator().next();
    Place<T> place = lane.first;
    remove(place);
    if (turns.remove(lane)) {
      turns.add(lane);
    }
    return place.item;
  }

  /** Takes an item out, whereever it stands; false if it does not wait any more. */
  boolean remove(Place<T> place) {
    Lane<T> lane = place.lane;
    if (lane == null) {
      return false;
    }
    if (lane.unlink(place) == 0) {
      turns.remove(lane);
      lanes.remove(lane.caller);
    }
    resized(lane, lane.size + 1);
    return true;
  }

  private void resized(Lane<T> lane, int before) {
    int after = lane.size;
    while (bySize.size() <= after) {
      bySize.add(new LinkedHashSet<>());
    }
    bySize.get(before).remove(lane);
    if (after > 0) {
      bySize.get(after).add(lane);
    }
    if (after > deepest || bySize.get(deepest).isEmpty()) {
      deepest = after; // Sizes change by one: what was deepest alone is that, or one less.
    }
    int change = after - before;
    size += change;
    for (int i = Math.max(after, before); i < depths.length; i += i & -i) {
      depths[i] += change;
    }
  }

  private int heldUpTo(int depth) {
    int held = 0;
    for (int i = Math.min(depth, maxWaiting); i > 0; i -= i & -i) {
      held += depths[i];
    }
    return held;
  }

  /** Where an item stands. */
  static final class Place<T> {
    private final T item;
    private Lane<T> lane;
    private Place<T> previous;
    private Place<T> next;

    private Place(Lane<T> lane, T item) {
      this.lane = lane;
      this.item = item;
    }
  }

  /** What waits of one caller. */
  private static final class Lane<T> {
    private final String caller;
    private Place<T> first;
    private Place<T> last;
    private int size;

    private Lane(String caller) {
      this.caller = caller;
    }

    private int append(Place<T> place) {
      place.previous = last;
      if (last == null) {
        first = place;
      } else {
        last.next = place;
      }
      last = place;
      return ++size;
    }

    private int unlink(Place<T> place) {
      if (place.previous == null) {
        first = place.next;
      } else {
        place.previous.next = place.next;
      }
      if (place.next == null) {
        last = place.previous;
      } else {
        place.next.previous = place.previous;
      }
      place.lane = null;
      place.previous = null;
      place.next = null;
      return --size;
    }
  }
}
