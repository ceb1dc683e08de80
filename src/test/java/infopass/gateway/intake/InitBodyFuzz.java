package infopass.gateway.intake;

import infopass.gateway.json.MalformedJsonException;
import infopass.gateway.json.NaiveJson;
import infopass.gateway.json.NotAnObjectException;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A request's body: it is accepted where a second reader accepts it and nowhere else, both read the
 * same values, and every fault is told without repeating a value.
 */
public final class InitBodyFuzz {
  private static final InitConfig RULES =
      new InitConfig(InitConfig.ALL_FIELDS, false, List.of(), List.of("https", "http"));

  private InitBodyFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    Object naive = NaiveJson.read(input);
    InitBody body;
    try {
      body = InitBody.read(input);
    } catch (NotAnObjectException e) {
      require(naive != null && !(naive instanceof Map), "said to be no object, and is one or none");
      return;
    } catch (MalformedJsonException e) {
      require(naive == null, "refused, and is strict JSON: " + e.getMessage());
      return;
    }
    require(naive instanceof Map, "accepted, and is no strict JSON object");
    Map<?, ?> members = (Map<?, ?>) naive;
    for (String field : InitConfig.ALL_FIELDS) {
      String read = members.get(field) instanceof String text ? text : null;
      require(Objects.equals(read, body.text(field)), field + " is read differently");
    }
    body.faults(RULES)
        .forEach(
            fault -> require(fault.pointer().matches("#/\\w+"), "the pointer " + fault.pointer()));
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }
}
