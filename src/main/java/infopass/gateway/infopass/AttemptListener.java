package infopass.gateway.infopass;

import infopass.gateway.digilocker.Outcome;

/**
 * Is told how every attempt at the partner ended. Called on the attempt's event loop, so it has to
 * be thread-safe and quick, and must not throw.
 */
public interface AttemptListener {
  /**
   * The partner gave a link.
   *
   * @param attempt which attempt of its request it was, from 1
   * @param elapsedNanos how long it took, a connection made for it included
   */
  void granted(int attempt, long elapsedNanos);

  /**
   * It gave none.
   *
   * @param outcome what the partner may have done
   */
  void failed(int attempt, Outcome outcome, long elapsedNanos);
}
