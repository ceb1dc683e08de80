package infopass.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import infopass.gateway.Browser.Look;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The operations page in a real browser, against the whole gateway and its sandbox. */
class OperationsPageIT {
  private static final String YAML =
      """
      countdown: {signingKeys: [only-for-this-test-0123456789abcdef]}
      infopass:
        username: own-account
        password: own-password-9d3f
        retry: {maxAttempts: 1}
        circuitBreaker: {minimumCalls: 10, openFor: 60s}
      """;

  private static Browser browser;
  private RunningGateway gateway;

  @BeforeAll
  static void startBrowser() {
    if (!Browser.isInstalled()) {
      String missing = "OperationsPageIT: no chromium and chromium-driver in /usr/bin";
      System.out.println(missing + "; NOTHING OF THE PAGE WAS TESTED");
      if ("true".equals(System.getenv("CI"))) {
        fail(missing);
      }
      Assumptions.abort(missing);
    }
    browser = Browser.start();
  }

  @AfterAll
  static void stopBrowser() {
    if (browser != null) {
      browser.close();
    }
  }

  @BeforeEach
  void lookAtDesktop() {
    browser.lookAs(Look.DESKTOP_LIGHT);
  }

  @Test
  void valuesChangeUnderTrafficAndTheOpenBreakerIsSeen() {
    try (RunningGateway running = RunningGateway.start(YAML)) {
      // Given
      gateway = running;
      open();
      assertEquals("Ready; nobody asks", headline());
      assertEquals("Closed", browser.element("#breaker").getText());
      List<String> faults = new ArrayList<>();

      // When
      send("Test Kumar", 20);
      send("Reject 0x0422", 3);

      // Then
      browser.await("document.getElementById('inits').textContent === '23'");
      browser.await("document.querySelectorAll('#spark .all').length > 0");
      browser.await("document.querySelectorAll('#latency .all').length > 0");
      browser.await("document.getElementById('p50').textContent.endsWith('ms')");
      browser.await("document.querySelector('#problems [data-name=upstream-rejected]') !== null");
      browser.await("document.querySelector('#watched b').textContent.startsWith('20 of')");
      assertEquals("All is well", headline());
      inspect("operations-good", faults);

      // And when
      send("Status 500", 25);

      // Then
      browser.await("document.getElementById('breaker').textContent === 'Open'");
      browser.await("document.getElementById('headline').textContent.includes('circuit is open')");
      assertEquals("At Infopass", browser.element("#whose").getText());
      browser.await("document.getElementById('changes').textContent.includes('open')");
      browser.await("document.querySelector('#problems [data-name=circuit-open]') !== null");
      browser.await("Number(document.getElementById('failed').textContent) >= 20");
      inspect("operations-open", faults);
      assertEquals(List.of(), faults);
      assertEquals(List.of(), browser.console());
      browser.open("about:blank");
    }
  }

  @Test
  void theConfigurationIsShownAndItsSecretsAreNot() {
    try (RunningGateway running = RunningGateway.start(YAML)) {
      // Given
      gateway = running;
      open();

      // When
      browser.click("#config summary");
      browser.await("document.querySelectorAll('#rows tr').length > 40");
      browser.type("#find", "infopass.pass");

      // Then
      assertEquals("infopass.password (hidden)", browser.element("#rows").getText().strip());
      String page = (String) browser.run("return document.documentElement.outerHTML");
      for (String secret : List.of("own-account", "own-password", "only-for-this-test")) {
        assertTrue(!page.contains(secret), secret);
      }
      assertEquals(List.of(), browser.accessibilityViolations());
      assertEquals(List.of(), browser.console());
      browser.open("about:blank");
    }
  }

  @Test
  void aLostConnectionIsSaid() {
    // Given
    RunningGateway running = RunningGateway.start(YAML);
    gateway = running;
    open();

    // When
    running.close();

    // Then
    browser.await("document.getElementById('live-text').textContent.startsWith('Connection lost')");
    assertTrue(browser.holds("document.body.classList.contains('stale')"));
    browser.open("about:blank");
    browser.console();
  }

  private void open() {
    browser.open(gateway.managementUri("/").toString());
    browser.await("document.body.dataset.ready === 'yes'");
  }

  private void send(String name, int times) {
    for (int i = 0; i < times; i++) {
      gateway.initFor(name);
    }
  }

  private static String headline() {
    return browser.element("#headline").getText();
  }

  private static void inspect(String state, List<String> faults) {
    for (Look look : Look.all()) {
      browser.lookAs(look);
      browser.run("scrollTo(0, 0)");
      browser.screenshot(state + '-' + look.name());
      browser.run("scrollTo(0, document.body.scrollHeight)");
      browser.screenshot(state + "-end-" + look.name());
      if (!look.contrast()) {
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
}
