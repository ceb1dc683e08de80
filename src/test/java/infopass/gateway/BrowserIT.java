package infopass.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import infopass.gateway.Browser.Look;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The try-it page and the countdown component in a real browser, against the whole gateway. */
class BrowserIT {
  private static final String KEYS = "signingKeys: [only-for-this-test-0123456789abcdef]";
  private static final String YAML = "countdown: {expiringAt: 3s, " + KEYS + "}";
  private static final String COUNTDOWN = "document.querySelector('digilocker-countdown')";

  /** Notes the events of all countdowns of a page, with what they carry. */
  private static final String NOTE_EVENTS =
      """
      window.noted = [];
      for (const type of ['sync', 'expiring', 'expired', 'error']) {
        addEventListener('countdown-' + type, (event) => noted.push({type, ...event.detail}));
      }
      """;

  private static Browser browser;
  private static RunningGateway gateway;

  @BeforeAll
  static void start() {
    if (!Browser.isInstalled()) {
      String missing = "BrowserIT: no chromium and chromium-driver installed in /usr/bin";
      System.out.println(missing + "; NOTHING OF THE PAGE WAS TESTED");
      if ("true".equals(System.getenv("CI"))) {
        fail(missing);
      }
      Assumptions.abort(missing);
    }
    gateway = RunningGateway.start(YAML);
    browser = Browser.start();
  }

  @AfterAll
  static void stop() {
    if (browser != null) {
      browser.close();
      gateway.close();
    }
  }

  @BeforeEach
  void lookAtDesktop() {
    browser.lookAs(Look.DESKTOP_LIGHT);
  }

  @Test
  void anInitCountsDownWarnsExpiresAndCanBeStartedAgain() {
    // Given
    openPage(gateway);
    chooseScenario("Expiry 5");

    // When
    browser.click("#send");

    // Then
    browser.await("noted.some((e) => e.state === 'active' && e.remainingSeconds <= 4)");
    assertFalse(
        browser.shows("[slot=start-again]") && browser.holds(COUNTDOWN + ".state !== 'expired'"),
        "a new start is offered too early");
    browser.run(COUNTDOWN + ".shadowRoot.querySelector('a').focus()");
    browser.await("noted.some((e) => e.type === 'expiring' && e.remainingSeconds <= 3)");
    awaitState("expired");
    assertEquals(0, browser.number(COUNTDOWN + ".remainingSeconds"));
    assertEquals(
        List.of("expiring", "expired"),
        browser.run("return noted.map((e) => e.type).filter((t) => t !== 'sync')"));
    assertTrue(browser.holds(COUNTDOWN + ".shadowRoot.querySelector('a') === null"));
    assertTrue(browser.holds("document.activeElement === " + COUNTDOWN), "focus was lost");

    // Whoever comes later is told at once
    browser.run("window.late = " + COUNTDOWN + ".cloneNode(); document.body.append(late)");
    browser.await("late.state === 'expired'");
    browser.run("late.remove()");

    // And when
    browser.run("window.first = " + COUNTDOWN);
    browser.click("[slot=start-again]");

    // Then
    browser.await(COUNTDOWN + " && " + COUNTDOWN + " !== first");
    awaitState("active");
    assertEquals(List.of(), browser.console());
  }

  @Test
  void theComponentRunsOnAPageOfAnotherOrigin() {
    Vertx vertx = Vertx.vertx();
    try {
      // Given: a page of an origin that may read countdowns
      String script = gateway.uri("/assets/digilocker-countdown.js").toString();
      String page =
          "<!doctype html><title>Other</title><script type=\"module\" src=\""
              + script
              + "\"></script><digilocker-countdown></digilocker-countdown>";
      int port =
          RunningGateway.await(
                  vertx
                      .createHttpServer()
                      .requestHandler(
                          request ->
                              request.response().putHeader("Content-Type", "text/html").end(page))
                      .listen(0, "127.0.0.1"))
              .actualPort();

      // When
      browser.open("http://127.0.0.1:" + port + "/");

      // Then
      browser.await("customElements.get('digilocker-countdown') !== undefined");
    } finally {
      RunningGateway.await(vertx.close());
    }
  }

  @Test
  void theLinkTheIdsAndTheTimeSpentAreShown() {
    // Given
    openPage(gateway);
    int before = gateway.journal().entries().size();
    chooseScenario("Slow 300");

    // When
    browser.run("const send = document.getElementById('send'); send.click(); send.click();");
    awaitState("active");

    // Then
    assertEquals(before + 1, gateway.journal().entries().size(), "sent twice");
    assertTrue(browser.number(COUNTDOWN + ".remainingSeconds") > 590);
    assertTrue(browser.number(COUNTDOWN + ".remainingSeconds") < 600);
    assertTrue(
        browser.holds(
            COUNTDOWN
                + ".shadowRoot.querySelector('a').href.startsWith('https://digilocker-sdk.notbot.in/')"));
    assertFalse(browser.element("#correlation-id").getText().isEmpty());
    assertTrue(browser.text().matches("(?s).*Infopass \\d{3,4} ms, gateway .*"), browser.text());
    assertTrue(browser.holds("document.activeElement.id === 'headline'"));
    assertTrue(browser.holds("localStorage.length + sessionStorage.length === 0"));
    assertEquals("", browser.run("return document.cookie"));
    assertEquals(List.of(), browser.console());
  }

  @Test
  void aRefusalIsToldInWords() {
    // Given
    openPage(gateway);
    chooseScenario("Reject 0x0422");

    // When
    browser.click("#send");
    awaitHeadline("Infopass refused this request");

    // Then
    String text = browser.text();
    assertTrue(text.contains("“The request was rejected.” (0x0422, HTTP 200)"), text);
    assertTrue(text.contains("Infopass saw the request and refused it. No link was made."), text);
    assertTrue(text.contains("The same one will be refused again."), text);
    assertTrue(browser.element("a[href='/problems/upstream-rejected']").isDisplayed());
    assertOnlyStatusInConsole(422);
  }

  @Test
  void eachFaultIsShownBesideItsField() {
    // Given
    openPage(gateway);
    browser.type("#mobile", "12");
    browser.type("#redirectUrl", "nowhere");

    // When
    browser.click("#send");
    awaitHeadline("The request is not valid");

    // Then
    assertEquals("must have 8 to 15 digits", browser.element("#mobile-fault").getText());
    assertTrue(browser.element("#redirectUrl-fault").getText().contains("absolute"));
    assertEquals("true", browser.element("#mobile").getDomAttribute("aria-invalid"));
    assertFalse(browser.shows("#name-fault"));
    browser.click("#result a[href='#mobile']");
    assertTrue(browser.holds("document.activeElement.id === 'mobile'"));
    browser.type("#mobile", "96512345986");
    assertFalse(browser.shows("#mobile-fault"));
    assertOnlyStatusInConsole(400);
  }

  @Test
  void aRepetitionIsOfferedWhenItMakesSense() {
    // Given
    openPage(gateway);
    browser.type("#wait", "1");
    chooseScenario("Status 429 7");

    // When
    browser.click("#send");
    awaitHeadline("Infopass is busy");

    // Then
    String again = "document.querySelector('#result button.primary')";
    assertTrue(browser.holds("/^Try again in \\d+ s$/.test(" + again + ".textContent)"));
    assertTrue(browser.holds(again + ".getAttribute('aria-disabled') === 'true'"));
    long before = browser.number(again + ".textContent.match(/\\d+/)[0]");
    browser.await(again + ".textContent.match(/\\d+/)[0] < " + before);
    assertOnlyStatusInConsole(503);
  }

  @Test
  void aRequestCanBeCancelled() {
    // Given
    openPage(gateway);
    chooseScenario("Slow 3000");
    browser.click("#send");
    browser.await("document.querySelector('.working')");

    // When
    browser.click("#cancel");

    // Then
    awaitHeadline("You cancelled the request");
    assertFalse(browser.shows("#cancel"));
    assertEquals(List.of(), browser.console());
  }

  @Test
  void theCountdownSurvivesARestartOfTheGateway() {
    // Given
    RunningGateway before = RunningGateway.start(YAML);
    int port = before.port();
    openPage(before);
    browser.click("#send");
    awaitState("active");
    browser.await("noted.length > 0");

    // When
    before.close();
    long atTheStop = browser.number(COUNTDOWN + ".remainingSeconds");

    // Then
    browser.await(COUNTDOWN + ".remainingSeconds <= " + (atTheStop - 2));
    assertTrue(browser.holds(COUNTDOWN + ".state === 'active'"));
    browser.run("noted.length = 0");
    String samePort = "http: {host: 127.0.0.1, port: " + port + "}\n" + YAML;
    try (RunningGateway after = RunningGateway.start(samePort)) {
      assertEquals(port, after.port());
      browser.await("noted.some((event) => event.type === 'sync')");
      long left = browser.number(COUNTDOWN + ".remainingSeconds");
      assertTrue(left < atTheStop && left > 560, "left: " + left);
      assertTrue(browser.holds(COUNTDOWN + ".state === 'active'"));
      browser.open("about:blank");
    }
  }

  @Test
  void itPollsWhereTheBrowserHasNoEventSource() {
    // Given
    openPage(gateway, "delete window.EventSource");
    assertTrue(browser.holds("!('EventSource' in window)"));
    chooseScenario("Expiry 5");

    // When
    browser.click("#send");
    awaitState("expired");

    // Then
    assertTrue(browser.holds("noted.some((event) => event.type === 'sync')"));
    assertTrue(browser.holds("noted.every((e) => e.type !== 'sync' || e.transport === 'poll')"));
    assertTrue(browser.holds("noted.some((event) => event.type === 'expiring')"));
    assertEquals(List.of(), browser.console());
  }

  @Test
  void itPollsWhereTheGatewayRefusesStreams() {
    try (RunningGateway full =
        RunningGateway.start("countdown: {expiringAt: 3s, maxStreams: 0, " + KEYS + "}")) {
      // Given
      openPage(full);

      // When
      browser.click("#send");

      // Then
      awaitState("active");
      browser.await("noted.some((event) => event.transport === 'poll')");
      assertTrue(browser.holds("noted.every((event) => event.type === 'sync')"));
      assertOnlyStatusInConsole(503);
      browser.open("about:blank");
    }
  }

  /** A clock that stood still in a sleep is put right; what comes late makes nothing longer. */
  @Test
  void theTimeShownIsNeverOptimistic() {
    // Given
    openPage(
        gateway,
        """
        window.asked = 0;
        const load = window.fetch;
        window.fetch = (...all) => { asked++; return load(...all); };
        window.EventSource = class extends EventTarget {
          constructor() { super(); this.readyState = 1; window.stream = this; }
          close() { this.readyState = 2; }
          say(remainingSeconds) {
            const data = JSON.stringify({state: 'active', remainingSeconds});
            this.dispatchEvent(new MessageEvent('countdown', {data}));
          }
        };
        """);

    // When
    Object shown =
        browser.run(
            """
            const one = document.createElement('digilocker-countdown');
            one.src = '/api/v1/in/digilocker/countdown/one';
            one.href = 'javascript:alert(1)';
            document.body.append(one);
            const shown = [];
            for (const seconds of [500, 400, 450]) {
              stream.say(seconds);
              shown.push(seconds + ' ' + (one.remainingSeconds <= Math.min(seconds, 400)));
            }
            shown.push('not too early ' + (one.remainingSeconds >= 399));
            shown.push('links ' + one.shadowRoot.querySelectorAll('a').length);
            document.dispatchEvent(new Event('visibilitychange'));
            shown.push('asked ' + asked);
            one.remove();
            return shown.join(', ');
            """);

    // Then
    assertEquals(
        "500 false, 400 true, 450 true, not too early true, links 0, asked 1", shown.toString());
  }

  @Test
  void aChangedLinkIsShownAsNotValid() {
    // Given
    openPage(gateway);
    browser.click("#send");
    awaitState("active");

    // When
    browser.run("noted.length = 0; " + COUNTDOWN + ".src += 'x'");

    // Then
    awaitState("invalid");
    browser.await("noted.some((e) => e.type === 'error' && e.reason === 'invalid')");
    assertTrue(browser.holds("noted.some((event) => event.status === 403)"));
    assertTrue(browser.shows("[slot=start-again]"));
    assertTrue(browser.console().stream().allMatch(line -> line.contains("403")));
  }

  @Test
  void severalCountOnOnePageAndLeaveNothingBehind() {
    String watchSources =
        """
        window.sources = [];
        window.EventSource = class extends EventSource {
          constructor(...all) { super(...all); sources.push(this); }
        };
        """;
    // Given
    openPage(gateway, watchSources);
    browser.click("#send");
    awaitState("active");

    // When
    browser.run(
        """
        const one = document.querySelector('digilocker-countdown');
        for (let i = 0; i < 5; i++) { one.after(one.cloneNode(true)); }
        """);

    // Then
    String all = "[...document.querySelectorAll('digilocker-countdown')]";
    browser.await(all + ".length === 6 && " + all + ".every((c) => c.state === 'active')");
    assertTrue(browser.number("sources.filter((s) => s.readyState !== 2).length") <= 3);
    browser.run(all + ".forEach((c) => c.remove())");
    assertTrue(browser.holds("sources.length > 0 && sources.every((s) => s.readyState === 2)"));
    assertEquals(List.of(), browser.console());
  }

  @Test
  void everyStateIsAccessibleAndFitsTheScreen() {
    List<String> faults = new ArrayList<>();
    openPage(gateway);
    inspect("idle", faults);

    openPage(gateway);
    browser.type("#email", "nobody");
    browser.click("#send");
    awaitHeadline("The request is not valid");
    inspect("failure", faults);

    openPage(gateway);
    browser.click("#send");
    awaitState("active");
    inspect("success", faults);

    openPage(gateway);
    chooseScenario("Expiry 1");
    browser.click("#send");
    awaitState("expired");
    inspect("expired", faults);

    try (RunningGateway warning =
        RunningGateway.start("countdown: {expiringAt: 1h, " + KEYS + "}")) {
      openPage(warning);
      chooseScenario("Expiry 48");
      browser.click("#send");
      awaitState("expiring");
      inspect("expiring", faults);
      browser.open("about:blank");
    }
    assertEquals(List.of(), faults);
  }

  @Test
  void thePageAllowsNothingFromElsewhere() {
    // When
    String policy = gateway.get("/").headers().firstValue("Content-Security-Policy").orElseThrow();

    // Then
    assertEquals(
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
            + " img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        policy);
    openPage(gateway);
    assertTrue(
        browser.holds(
            "performance.getEntriesByType('resource')"
                + ".every((entry) => new URL(entry.name).origin === location.origin)"));
    browser.run(
        "const s = document.createElement('script'); s.textContent = 'window.injected = 1';"
            + " document.body.append(s)");
    assertTrue(browser.holds("window.injected === undefined"));
    browser.console();
  }

  /** Photographs the page in all looks, and notes what axe-core or a measuring rod find. */
  private static void inspect(String state, List<String> faults) {
    for (Look look : Look.all()) {
      browser.lookAs(look);
      browser.run(
          "if (innerWidth < 600 && document.getElementById('headline'))"
              + " { document.getElementById('answer').scrollIntoView(); } else { scrollTo(0, 0); }");
      browser.screenshot(state + '-' + look.name());
      if (look.equals(Look.DESKTOP_LIGHT) || look.equals(Look.PHONE_DARK)) {
        for (String violation : browser.accessibilityViolations()) {
          faults.add(state + ", " + look.name() + ": " + violation);
        }
      }
      if (browser.holds("document.documentElement.scrollWidth > innerWidth")) {
        faults.add(state + ", " + look.name() + ": wider than the screen");
      }
    }
    browser.lookAs(Look.DESKTOP_LIGHT);
  }

  private static void openPage(RunningGateway where) {
    openPage(where, "");
  }

  private static void openPage(RunningGateway where, String script) {
    browser.open(where.uri("/").toString(), NOTE_EVENTS, script);
    browser.await("document.getElementById('send').disabled === false");
  }

  private static void chooseScenario(String cue) {
    // Scenarios that the picker does not list are typed.
    browser.type("#name", cue + " Test Kumar");
  }

  private static void awaitState(String state) {
    browser.await(COUNTDOWN + "?.state === '" + state + "'");
  }

  private static void awaitHeadline(String title) {
    browser.await("document.getElementById('headline')?.textContent === '" + title + "'");
  }

  /** A browser reports an answer of 4xx or 5xx on the console; nothing else may be there. */
  private static void assertOnlyStatusInConsole(int status) {
    for (String line : browser.console()) {
      assertTrue(line.contains("status of " + status), line);
    }
  }
}
