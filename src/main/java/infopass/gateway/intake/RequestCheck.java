package infopass.gateway.intake;

import infopass.gateway.callers.RedirectHosts;
import infopass.gateway.config.HostNames;
import infopass.gateway.digilocker.FieldFault;
import infopass.gateway.digilocker.InitFailure;
import infopass.gateway.digilocker.Problem;
import infopass.gateway.json.MalformedJsonException;
import infopass.gateway.json.NotAnObjectException;
import java.util.List;
import java.util.function.Supplier;

/** Reads a body strictly and tells all its faults at once. Thread-safe. */
final class RequestCheck {
  private final Supplier<InitConfig> rules;

  RequestCheck(Supplier<InitConfig> rules) {
    this.rules = rules;
    HostNames.load();
  }

  /**
   * What was read, or what is wrong with it.
   *
   * @param body null where there is a fault
   * @param fault null where there is none
   */
  record Checked(InitBody body, InitFailure fault) {}

  Checked check(byte[] bytes, RedirectHosts redirectHosts) {
    try {
      InitBody body = InitBody.read(bytes);
      InitFailure fault = faultOf(body, redirectHosts);
      return new Checked(fault == null ? body : null, fault);
    } catch (NotAnObjectException e) {
      return new Checked(null, invalid(List.of(new FieldFault("#", e.getMessage()))));
    } catch (MalformedJsonException e) {
      return new Checked(
          null,
          InitFailure.notSent(
              Problem.MALFORMED_JSON, "The body is not strict JSON: " + e.getMessage() + "."));
    }
  }

  private InitFailure faultOf(InitBody body, RedirectHosts redirectHosts) {
    List<FieldFault> faults = body.faults(rules.get());
    if (!faults.isEmpty()) {
      return invalid(faults);
    }
    String url = body.text("redirectUrl");
    if (url != null
        && RedirectUrl.isWeb(url)
        && !RedirectUrl.host(url).map(redirectHosts::allows).orElse(false)) {
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
