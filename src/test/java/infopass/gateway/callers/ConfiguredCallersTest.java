package infopass.gateway.callers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import infopass.gateway.config.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ConfiguredCallersTest {
  private static final String OWN = "Basic b3duOmFjY291bnQ=";

  private final AtomicLong nanos = new AtomicLong(-5);
  private final ConfiguredCallers callers =
      new ConfiguredCallers(
          List.of(
              new CallerConfig(
                  "app",
                  List.of(digest("old:pässword"), digest("new")),
                  List.of("*.app.in"),
                  Optional.of(new CallerConfig.Quota(2, Duration.ofSeconds(10)))),
              new CallerConfig("web", List.of(digest("web")), List.of(), Optional.empty())),
          List.of("general.in"),
          OWN,
          nanos::get,
          null);

  @Test
  void bothSecretsOpenAndThePartnerSeesTheGatewaysAccount() {
    for (String password : List.of("old:pässword", "new")) {
      Caller caller = known("app", password);
      assertEquals("app", caller.id());
      assertEquals(OWN, caller.authorization());
      assertTrue(caller.ownAccount());
      assertTrue(caller.redirectHosts().allows("x.app.in"));
      assertFalse(caller.redirectHosts().allows("general.in"));
      assertFalse(caller.toString().contains("Basic"));
    }
    assertEquals(known("app", "new").scope(), known("app", "old:pässword").scope());
    assertTrue(known("web", "web").redirectHosts().allows("general.in"));
    assertTrue(known("web", "web").quota().isEmpty());
  }

  @Test
  void wrongSecretsAndUnknownCallersAreRefusedAlike() {
    assertEquals(Duration.ZERO, wrong("app", "web").delay());
    assertEquals(Duration.ZERO, wrong("nobody", "new").delay());
    assertEquals(Duration.ZERO, wrong("app", "").delay());
  }

  @Test
  void repeatedFailuresAreSlowedBySourceAndForgotten() {
    // When
    List<Long> delays = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      Callers.Verdict.Wrong refused = wrong("app", "guess" + i);
      delays.add(refused.delay().toMillis());
      refused.release().run();
    }

    // Then
    assertEquals(
        List.of(0L, 0L, 0L, 0L, 0L, 250L, 500L, 1000L, 2000L, 4000L, 4000L, 4000L), delays);
    assertEquals("app", known("app", "new").id(), "right credentials are not slowed");
    assertEquals(Duration.ZERO, wrong("app", "guess", "198.51.100.7").delay(), "another source");
    assertEquals(Duration.ZERO, wrong("web", "guess").delay(), "another caller");

    // When
    nanos.addAndGet(Duration.ofMinutes(11).toNanos());

    // Then
    assertEquals(Duration.ZERO, wrong("app", "guess").delay());
  }

  @Test
  void theTimeOfAnAnswerDoesNotTellWhichIdsThereAre() {
    for (int i = 0; i < 12; i++) {
      Callers.Verdict.Wrong known = wrong("app", "guess", "192.0.2.7");
      Callers.Verdict.Wrong unknown = wrong("nobody", "guess", "192.0.2.7");
      assertEquals(known.delay(), unknown.delay());
      assertEquals(known.close(), unknown.close());
      known.release().run();
      unknown.release().run();
    }
  }

  @Test
  void onlyEightAnswersAreHeldBackAtOnce() {
    // Given
    for (int i = 0; i < 5; i++) {
      wrong("app", "guess");
    }
    Callers.Verdict.Wrong held = null;
    for (int i = 0; i < 8; i++) {
      held = wrong("app", "guess");
      assertFalse(held.delay().isZero());
    }

    // Then
    Callers.Verdict.Wrong beyond = wrong("app", "guess");
    assertEquals(Duration.ZERO, beyond.delay());
    assertTrue(beyond.close());
    held.release().run();
    assertFalse(wrong("app", "guess").close());
  }

  @Test
  void theQuotaIsOneForBothDoorsAndTellsWhenThereIsMore() {
    // Given
    CallerQuota quota = known("app", "new").quota().orElseThrow();
    CallerQuota inside =
        callers.inside("app", Optional.empty()).orElseThrow().quota().orElseThrow();

    // When
    assertTrue(quota.tryTake());
    nanos.addAndGet(Duration.ofSeconds(4).toNanos());
    assertTrue(inside.tryTake());

    // Then
    assertFalse(quota.tryTake());
    CallerQuota.Standing standing = quota.standing();
    assertEquals("\"caller\";q=2;w=10", standing.policyField());
    assertTrue(standing.field().matches("\"caller\";r=0;t=[67]"), standing.field());
    nanos.addAndGet(Duration.ofSeconds(standing.resetSeconds()).toNanos());
    assertTrue(quota.tryTake());
    assertFalse(quota.tryTake());
  }

  @Test
  void passthroughTellsCallersApartByTheWholeValue() {
    // Given
    PassthroughCallers passing = new PassthroughCallers(List.of(), Optional.empty());

    // When
    Caller right = known(passing.identify(credentials("user", "right"), "source"));
    Caller wrong = known(passing.identify(credentials("user", "wrong"), "source"));

    // Then
    assertEquals(right.id(), wrong.id());
    assertFalse(right.scope().equals(wrong.scope()));
    assertEquals(basic("user", "right"), right.authorization());
    assertFalse(right.ownAccount());
    assertTrue(passing.inside("job", Optional.empty()).isEmpty());
  }

  @Test
  void sendersInsideAreToldApartByNameAndAccount() {
    String own = callers.inside("job", Optional.empty()).orElseThrow().scope();
    assertFalse(own.equals(callers.inside("jo", Optional.empty()).orElseThrow().scope()));
    assertFalse(own.equals(callers.inside("job", Optional.of("Basic x")).orElseThrow().scope()));
    assertFalse(callers.inside("job", Optional.of("Basic x")).orElseThrow().ownAccount());
  }

  private Caller known(String id, String password) {
    return known(callers.identify(credentials(id, password), "192.0.2.1"));
  }

  private static Caller known(Callers.Verdict verdict) {
    return assertInstanceOf(Callers.Verdict.Known.class, verdict).caller();
  }

  private Callers.Verdict.Wrong wrong(String id, String password) {
    return wrong(id, password, "192.0.2.1");
  }

  private Callers.Verdict.Wrong wrong(String id, String password, String source) {
    return assertInstanceOf(
        Callers.Verdict.Wrong.class, callers.identify(credentials(id, password), source));
  }

  private static BasicAuthorization credentials(String id, String password) {
    return BasicAuthorization.parse(basic(id, password)).orElseThrow();
  }

  private static String basic(String id, String password) {
    byte[] pair = (id + ':' + password).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(pair);
  }

  private static Secret digest(String password) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(password.getBytes(StandardCharsets.UTF_8));
      return Secret.of(HexFormat.of().formatHex(digest));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
