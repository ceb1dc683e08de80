package infopass.gateway.bus;

import io.vertx.core.json.JsonObject;
import java.util.Objects;

/**
 * What a verticle asks for. Immutable. Personal data: {@link #toString()} shows nothing of it.
 *
 * @param name of the person
 * @param email of the person
 * @param mobile of the person, 8 to 15 digits
 * @param redirectUrl where the person is sent afterwards
 * @param state passed through untouched, at most 100 characters
 */
public record InitRequest(
    String name, String email, String mobile, String redirectUrl, String state) {

  public InitRequest {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(email, "email");
    Objects.requireNonNull(mobile, "mobile");
    Objects.requireNonNull(redirectUrl, "redirectUrl");
    Objects.requireNonNull(state, "state");
  }

  /** The partner's body. */
  public JsonObject toJson() {
    return new JsonObject()
        .put("name", name)
        .put("email", email)
        .put("mobile", mobile)
        .put("redirectUrl", redirectUrl)
        .put("state", state);
  }

  @Override
  public String toString() {
    return "InitRequest[***]";
  }
}
