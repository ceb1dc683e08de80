package infopass.gateway.intake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import infopass.gateway.callers.RedirectHosts;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedirectUrlTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "https://infopass.in | infopass.in",
        "http://infopass.in | infopass.in",
        "HTTPS://INFOPASS.IN | infopass.in",
        "hTTp://InfoPass.In/Path?Q#F | infopass.in",
        "https://infopass.in/ | infopass.in",
        "https://infopass.in?x=1 | infopass.in",
        "https://infopass.in#x | infopass.in",
        "https://infopass.in. | infopass.in",
        "https://infopass.in.:8443/x | infopass.in",
        "https://infopass.in:443 | infopass.in",
        "https://infopass.in: | infopass.in",
        "https://infopass.in:0/ | infopass.in",
        "https://infopass.in:65535/ | infopass.in",
        "https://localhost | localhost",
        "https://127.0.0.1:8080/x | 127.0.0.1",
        "https://a_b.in | a_b.in",
        "https://[::1] | [::1]",
        "https://[2001:DB8::1]:8443/x | [2001:db8::1]",
        "https://[::ffff:127.0.0.1]/ | [::ffff:127.0.0.1]",
        "https://b\u00fccher.in | xn--bcher-kva.in",
        "https://B\u00dcCHER.in | xn--bcher-kva.in",
        "https://xn--bcher-kva.in | xn--bcher-kva.in",
        "https://\u24d6ood.com | good.com",
        "https://good\u3002com | good.com",
        "https://\u0909\u0926\u093e\u0939\u0930\u0923.\u092d\u093e\u0930\u0924"
            + " | xn--p1b6ci4b4b3a.xn--h2brj9c",
        "https://infopass.in/https://evil.com | infopass.in",
        "https://infopass.in/@evil.com | infopass.in",
        "https://infopass.in/%2e%2e/x?u=http://evil.com | infopass.in",
        "https://infopass.in?@evil.com | infopass.in",
        "https://evil.com#@good.com | evil.com",
        "https://evil.com?.good.com | evil.com",
        "https://good.com.evil.com | good.com.evil.com",
        "https://good.com-evil.com | good.com-evil.com"
      })
  void readsTheHostAsABrowserDoes(String url, String host) {
    assertEquals(Optional.of(host), RedirectUrl.host(url));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "infopass.in",
        "/path",
        "//infopass.in",
        "https:",
        "https:infopass.in",
        "https:/infopass.in",
        "https:/\\infopass.in",
        "https:\\\\infopass.in",
        "https://",
        "https:///infopass.in",
        "https://?x",
        "https://#x",
        "https://:443",
        "https://.",
        "https://..",
        "https://.infopass.in",
        "https://infopass..in",
        "https://infopass.in..",
        " https://infopass.in",
        "https://infopass.in ",
        "https:// infopass.in",
        "https://info pass.in",
        "https://info\tpass.in",
        "ht\ntps://infopass.in",
        "https://infopass.in/a b",
        "https://infopass.in/\r\nX: y",
        "https://infopass.in/\u007f",
        "https://infopass.in/\u2028x",
        "https://user@infopass.in",
        "https://user:pass@infopass.in",
        "https://@infopass.in",
        "https://good.com@evil.com",
        "https://good.com\\@evil.com",
        "https://evil.com\\.good.com",
        "https://good.com%40evil.com",
        "https://good%2ecom",
        "https://evil%00.good.com",
        "https://good.com%23.evil.com",
        "https://infopass.in:65536",
        "https://infopass.in:-1",
        "https://infopass.in:+1",
        "https://infopass.in:8a",
        "https://infopass.in:000080",
        "https://infopass.in:\u0661",
        "https://infopass.in:80:80",
        "https://[::1",
        "https://::1",
        "https://[]",
        "https://[:]x",
        "https://[::1]evil.com",
        "https://[::1].good.com",
        "https://good.com[::1]",
        "https://[::g]",
        "https://[fe80::1%25eth0]",
        "https://[good.com]",
        "https://good.com\uff0fevil.com",
        "https://good.com\uff20evil.com",
        "https://good.com\uff1aevil.com",
        "https://good\u2100.com",
        "https://good.com\u00a0",
        "https://good\u2024\u2024com",
        "https://a!b.in",
        "https://a*b.in",
        "https://*.in",
        "https://a,b.in",
        "https://<script>.in",
        "https://\ud83d.in",
        "\ufeffhttps://infopass.in",
        "javascript:alert(1)",
        "javascript://infopass.in/%0aalert(1)",
        "data:text/html,x",
        "ftp://infopass.in",
        "file:///etc/passwd",
        "ws://infopass.in",
        "app://callback",
        "httpss://infopass.in",
        "http+unix://x"
      })
  void refusesWhatIsNoAbsoluteHttpUrlOrCouldBeReadInTwoWays(String url) {
    assertEquals(Optional.empty(), RedirectUrl.host(url));
  }

  /** Java reads IDNA 2003, browsers UTS 46: for these letters they name different hosts. */
  @ParameterizedTest
  @ValueSource(strings = {"https://go\u200dod.com", "https://go\u200cod.com"})
  void refusesJoinersWhereNoScriptHasThem(String url) {
    assertEquals(Optional.empty(), RedirectUrl.host(url));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://[1:]/",
        "https://[:]/",
        "https://[:::1]/",
        "https://[1:2:3:4:5:6:7:8:9]/",
        "https://[::1%25eth0]/",
        "https://[::256.0.0.1]/",
        "https://[::01.2.3.4]/",
        "https://[[::1]]/",
        "https://[",
        "https://[]",
        "https://010.0.0.1/",
        "https://127.0.0.010/",
        "https://08.1.1.1/",
        "https://999.1.1.1/",
        "https://1.2.3/",
        "https://1.2.3.4.5/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://a.0x/",
        "https://a.7/"
      })
  void refusesAddressesThatAreNoneOrThatBrowsersReadOtherwise(String url) {
    assertEquals(Optional.empty(), RedirectUrl.host(url));
  }

  @Test
  void refusesLabelsAndNamesThatAreTooLong() {
    assertTrue(RedirectUrl.host("https://" + "a".repeat(63) + ".in").isPresent());
    assertEquals(Optional.empty(), RedirectUrl.host("https://" + "a".repeat(64) + ".in"));
    String label = "a".repeat(62) + ".";
    assertTrue(RedirectUrl.host("https://" + label.repeat(4)).isPresent());
    assertEquals(Optional.empty(), RedirectUrl.host("https://" + label.repeat(4) + "bb"));
  }

  @Test
  void isQuickAboutALongHost() {
    // Given: a body's worth of different letters, which is the worst case of Punycode
    StringBuilder host = new StringBuilder("https://");
    for (int i = 0; i < 5_400; i++) {
      host.append((char) (0x4e00 + i));
    }

    // When, Then
    assertTimeoutPreemptively(
        Duration.ofSeconds(5),
        () -> {
          for (int i = 0; i < 50; i++) {
            assertEquals(Optional.empty(), RedirectUrl.host(host.toString()));
          }
        });
  }

  static List<String> waysRoundTheAllowList() {
    return List.of(
        "https://evil.com",
        "https://good.com.evil.com",
        "https://evilgood.com",
        "https://evil-good.com",
        "https://xgood.com",
        "https://ood.com",
        "https://com",
        "https://good.co",
        "https://good.comm",
        "https://www.good.com",
        "https://a.com",
        "https://apps.com",
        "https://evilapps.in",
        "https://apps.in",
        "https://apps.in.evil.com",
        "https://good.com@evil.com",
        "https://good.com:443@evil.com",
        "https://evil.com#@good.com",
        "https://evil.com?@good.com",
        "https://evil.com/@good.com",
        "https://evil.com/.good.com",
        "https://good.com\\@evil.com",
        "https://evil.com\\@good.com",
        "https://evil.com\\.apps.in",
        "https://evil.com%23.apps.in",
        "https://evil.com%2f.apps.in",
        "https://evil.com\uff0f.apps.in",
        "https://evil.com\uff03.apps.in",
        "https://evil.com\u2215apps.in",
        "https://[::2]",
        "https://[::1].evil.com",
        "https://127.0.0.2",
        "https://0x7f.0.0.1",
        "https://2130706433",
        "https://good.com%00.evil.com",
        "https:good.com",
        "//good.com",
        "javascript://good.com/%0aalert(1)",
        "https://go\u200dod.com",
        "https://go\u043ed.com",
        "https://pa\u00dfport.in");
  }

  @ParameterizedTest
  @MethodSource("waysRoundTheAllowList")
  void noWayLeadsRoundTheAllowList(String url) {
    // Given
    RedirectHosts hosts =
        new RedirectHosts(List.of("good.com", "*.apps.in", "passport.in", "[::1]", "127.0.0.1"));

    // Then
    assertFalse(RedirectUrl.host(url).map(hosts::allows).orElse(false));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://good.com",
        "http://GOOD.COM:8080/x",
        "https://good.com.",
        "https://\u24d6ood.com",
        "https://a.apps.in",
        "https://a.b.apps.in/x?y#z",
        "https://passport.in",
        "https://[::1]:1",
        "https://127.0.0.1"
      })
  void theAllowListLetsThroughWhatItNames(String url) {
    // Given
    RedirectHosts hosts =
        new RedirectHosts(List.of("Good.com", "*.Apps.in", "passport.in", "[::1]", "127.0.0.1"));

    // Then
    assertTrue(RedirectUrl.host(url).map(hosts::allows).orElse(false));
  }

  @Test
  void anEmptyAllowListAllowsAll() {
    assertTrue(new RedirectHosts(List.of()).allows("anything.example"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "*",
        "*.",
        "*.*.in",
        "a.*.in",
        "https://a.in",
        "a.in/",
        "a.in:80",
        "a b",
        ".a"
      })
  void refusesPatternsThatAreNoHosts(String pattern) {
    assertFalse(RedirectHosts.validPattern(pattern));
  }
}
