package infopass.gateway.infopass;

import static java.nio.charset.StandardCharsets.UTF_8;

import infopass.gateway.digilocker.InitSession;
import infopass.gateway.digilocker.Upstream;
import infopass.gateway.json.NaiveJson;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The partner's answer, its first byte naming the status: a link or the declared failure, nothing
 * else. A link comes of a document that says so to a second reader too, ours can be appended to it,
 * and of a refusal nothing is shown that is not fit to be.
 */
public final class PartnerAnswerFuzz {
  private static final int[] STATUSES = {200, 201, 302, 400, 401, 422, 429, 500, 503};
  private static final List<String> PERSONAL =
      List.of(
          "Asha Rao",
          "asha@example.in",
          "+91 96500-00986",
          "https://shop.example/back",
          "Uttar Pradesh");

  private final AnswerJudge judge =
      new AnswerJudge(
          new TokenConfig(Set.of(), List.of("digilocker-sdk.notbot.in")), new CallCounters());

  private PartnerAnswerFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    if (input.length > 0) {
      int status = STATUSES[(input[0] & 0xff) % STATUSES.length];
      new PartnerAnswerFuzz().check(status, Arrays.copyOfRange(input, 1, input.length));
    }
  }

  private void check(int status, byte[] document) {
    Object naive = NaiveJson.read(document);
    PartnerAnswer answer =
        new PartnerAnswer(status, document.clone(), Fixtures.NOW, Fixtures.NOW, null, null);
    try {
      InitSession session = judge.judge(Fixtures.call(), answer);
      require(status / 100 == 2, "a link with status " + status);
      require(
          naive instanceof Map<?, ?> members && "SUCCESS".equals(members.get("status")),
          "a link without a document that says so");
      checkAppended(session);
      require(
          !session.expiry().expiresAt().isAfter(Fixtures.NOW.plusSeconds(86_400)),
          "a link that lives for more than a day");
    } catch (PartnerFailure failure) {
      Upstream upstream = failure.failure().upstream();
      if (upstream != null) {
        require(upstream.status() == status, "another status");
        checkShown(upstream);
      }
    }
  }

  private static void checkAppended(InitSession session) {
    String head = new String(session.document().bytes(), 0, session.appendAt(), UTF_8);
    String whole = head + ",\"correlationId\":\"x\",\"countdown\":{}}";
    require(
        NaiveJson.read(whole.getBytes(UTF_8)) instanceof Map<?, ?> members
            && "x".equals(members.get("correlationId")),
        "what is appended does not become part of the document");
  }

  private static void checkShown(Upstream upstream) {
    require(
        upstream.code() == null || upstream.code().matches("[A-Za-z0-9_.:*-]{1,32}"),
        "a code that is none");
    String message = upstream.message();
    if (message != null) {
      require(message.length() <= 200, "a message without end");
      require(message.chars().noneMatch(c -> c < ' ' || c == 0x7f), "a control character");
      PERSONAL.forEach(said -> require(!message.contains(said), "the request is repeated"));
    }
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }
}
