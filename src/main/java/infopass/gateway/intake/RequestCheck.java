package infopass.gateway.intake;

import infopass.gateway.callers.RedirectHosts;
import infopass.gateway.digilocker.FieldFault;
import infopass.gateway.digilocker.InitFailure;
import infopass.gateway.digilocker.Problem;
import infopass.gateway.json.MalformedJsonException;
import infopass.gateway.json.NotAnObjectException;
import java.util.List;

/** Reads a body strictly and tells all its faults at once. Thread-safe. */
final class RequestCheck {
  private final InitConfig rules;

  RequestCheck(InitConfig rules) {
    this.rules = rules;
  }

  /** Null where there is no fault. */
  InitFailure faultOf(byte[] bytes, RedirectHosts redirectHosts) {
    InitBody body;
    try {
      body = InitBody.read(bytes);
    } catch (NotAnObjectException e) {
      return invalid(List.of(new FieldFault("#", e.getMessage())));
    } catch (MalformedJsonException e) {
      return InitFailure.notSent(
          Problem.MALFORMED_JSON, "The body is not strict JSON: " + e.getMessage() + ".");
    }
    List<FieldFault> faults = body.faults(rules);
    if (!faults.isEmpty()) {
      return invalid(faults);
    }
    String url = body.text("redirectUrl");
    if (url != null && !RedirectUrl.host(url).map(redirectHosts::allows).orElse(false)) {
      return InitFailure.notSent(
              Problem.REDIRECT_NOT_ALLOWED, "The host of redirectUrl is not on the allow-list.")
          .withErrors(List.of(new FieldFault("#/redirectUrl", "names a host that is not allowed")));
    }
    return null;
  }

  private static InitFailure invalid(List<FieldFault> faults) {
    return InitFailure.notSent(
            Problem.INVALID_REQUEST,
            faults.size() == 1
                ? "The body has one fault."
                : "The body has " + faults.size() + " faults.")
        .withErrors(faults);
  }
}
