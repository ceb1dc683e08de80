package infopass.gateway.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Completable;
import io.vertx.core.spi.cluster.RegistrationInfo;
import io.vertx.core.spi.cluster.RegistrationListener;
import io.vertx.core.spi.cluster.RegistrationUpdateEvent;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class QuietAddressesTest {
  private static final String ADDRESS = "somewhere";
  private static final List<RegistrationInfo> SOMEBODY =
      List.of(new RegistrationInfo("node", 1, false));

  private long nanos = -5;
  private final Set<String> wanted = new HashSet<>();
  private final List<String> told = new ArrayList<>();
  private final List<Completable<List<RegistrationInfo>>> looks = new ArrayList<>();
  private final QuietAddresses quiet =
      new QuietAddresses(
          new RegistrationListener() {
            @Override
            public boolean wantsUpdatesFor(String address) {
              return wanted.contains(address);
            }

            @Override
            public void registrationsUpdated(RegistrationUpdateEvent event) {
              told.add(event.address());
            }

            @Override
            public void registrationsLost() {
              told.add("lost");
            }
          },
          () -> nanos);

  /** What it was answered; null where the registry still has to say. */
  private List<List<RegistrationInfo>> ask(String address) {
    List<List<RegistrationInfo>> answers = new ArrayList<>();
    quiet.ask(
        address,
        (asked, answer) -> looks.add(answer),
        (listeners, failure) -> answers.add(listeners));
    return answers;
  }

  private void registrySays(List<RegistrationInfo> listeners) {
    looks.remove(0).succeed(listeners);
  }

  private void change(List<RegistrationInfo> listeners) {
    quiet.registrationsUpdated(new RegistrationUpdateEvent(ADDRESS, listeners));
  }

  @Test
  void thatNobodyListensIsAskedOnce() {
    List<List<RegistrationInfo>> first = ask(ADDRESS);
    registrySays(List.of());
    assertEquals(List.of(List.of()), first);
    assertTrue(quiet.knows(ADDRESS));
    assertEquals(List.of(List.of()), ask(ADDRESS));
    assertEquals(0, looks.size());
    assertTrue(quiet.wantsUpdatesFor(ADDRESS));
  }

  @Test
  void whereSomebodyListensNothingIsRemembered() {
    List<List<RegistrationInfo>> first = ask(ADDRESS);
    registrySays(SOMEBODY);
    assertEquals(List.of(SOMEBODY), first);
    assertFalse(quiet.knows(ADDRESS));
    assertFalse(quiet.wantsUpdatesFor(ADDRESS));
    ask(ADDRESS);
    assertEquals(1, looks.size());
  }

  @Test
  void aChangeForgetsIt() {
    ask(ADDRESS);
    registrySays(List.of());
    change(SOMEBODY);
    ask(ADDRESS);
    assertEquals(1, looks.size());
  }

  @Test
  void aChangeAmidTheLookOutdatesIt() {
    // Given
    ask(ADDRESS);

    // When
    assertFalse(quiet.knows(ADDRESS));
    change(SOMEBODY);
    registrySays(List.of());

    // Then
    assertFalse(quiet.knows(ADDRESS));
    ask(ADDRESS);
    assertEquals(1, looks.size());
  }

  @Test
  void whereSomebodyListensInThisProcessItIsNotQuiet() {
    // Given
    ask(ADDRESS);
    registrySays(List.of());

    // When, Then: also before the registry knows
    quiet.began(ADDRESS);
    quiet.began(ADDRESS);
    assertFalse(quiet.knows(ADDRESS));
    ask(ADDRESS);
    registrySays(List.of());
    assertFalse(quiet.knows(ADDRESS));
    quiet.ended(ADDRESS);
    assertFalse(quiet.knows(ADDRESS));
    quiet.ended(ADDRESS);
    assertTrue(quiet.knows(ADDRESS));
  }

  @Test
  void aChangeThatWasNotHeardOfCountsSoonAfter() {
    // Given
    ask(ADDRESS);
    registrySays(List.of());

    // When
    nanos += TimeUnit.MILLISECONDS.toNanos(QuietAddresses.KNOWN_MILLIS) - 1;
    assertEquals(1, ask(ADDRESS).size());
    nanos++;
    assertFalse(quiet.knows(ADDRESS));
    ask(ADDRESS);

    // Then
    assertEquals(1, looks.size());
  }

  @Test
  void aLookThatFailsFailsAndIsNotRemembered() {
    // Given
    List<Throwable> failures = new ArrayList<>();
    Exception cut = new Exception("cut");

    // When
    quiet.ask(
        ADDRESS,
        (asked, answer) -> answer.fail(cut),
        (listeners, failure) -> failures.add(failure));

    // Then
    assertSame(cut, failures.get(0));
    assertFalse(quiet.wantsUpdatesFor(ADDRESS));
  }

  @Test
  void noMoreAddressesAreRememberedThanAreInUse() {
    for (int i = 0; i < 1_000; i++) {
      ask("address-" + i);
      registrySays(List.of());
    }
    assertTrue(quiet.wantsUpdatesFor("address-63"));
    assertFalse(quiet.wantsUpdatesFor("address-64"));
    ask("address-64");
    assertEquals(1, looks.size());
  }

  @Test
  void whatNobodyAsksForAnyMoreMakesRoom() {
    // Given
    for (int i = 0; i < 64; i++) {
      ask("address-" + i);
      registrySays(List.of());
    }

    // When
    nanos += TimeUnit.SECONDS.toNanos(1);
    ask(ADDRESS);
    registrySays(List.of());

    // Then
    assertTrue(quiet.knows(ADDRESS));
    assertFalse(quiet.wantsUpdatesFor("address-1"));
  }

  @Test
  void theEventBusHearsOfWhatItWants() {
    // Given
    wanted.add(ADDRESS);

    // When
    change(SOMEBODY);
    quiet.registrationsUpdated(new RegistrationUpdateEvent("elsewhere", SOMEBODY));
    quiet.registrationsLost();

    // Then
    assertEquals(List.of(ADDRESS, "lost"), told);
  }
}
