package infopass.gateway.intake;

import infopass.gateway.digilocker.InitOutcome;

/**
 * How a request ended, and whether it was worth a call of its own.
 *
 * @param replayed whether the answer is that of an earlier request with the same key
 * @param joined whether that request was still running and was waited for
 */
record InitResult(InitOutcome outcome, boolean replayed, boolean joined) {

  static InitResult fresh(InitOutcome outcome) {
    return new InitResult(outcome, false, false);
  }
}
