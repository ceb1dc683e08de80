package infopass.gateway.tracing;

import infopass.gateway.digilocker.TraceParent;

/**
 * One stage of a request, from {@link Spans#start} to {@link #end}. What it is told leaves this
 * process: never personal data, credentials, tokens, links or bodies. Never throws, never blocks;
 * belongs to one event loop.
 */
public interface Span {
  /** What is not recorded: takes everything and keeps nothing. */
  Span NONE = new NoSpan();

  /** Whether anyone will see it: what is costly to find out need not be told otherwise. */
  boolean recorded();

  /** The trace context that the next stage or hop is given; null where this is not recorded. */
  TraceParent context();

  /**
   * The same.
   *
   * @param otherwise what the next one is given where this is not recorded
   */
  default TraceParent contextOr(TraceParent otherwise) {
    return recorded() ? context() : otherwise;
  }

  /** Adds an attribute, for whose names see {@link Attributes}. */
  Span with(String attribute, String value);

  /** Adds an attribute, for whose names see {@link Attributes}. */
  Span with(String attribute, long value);

  /**
   * Marks it as failed.
   *
   * @param type the kind of failure in a word, such as a problem's slug
   */
  Span failed(String type);

  /** The stage is over; to be called once. */
  void end();
}
