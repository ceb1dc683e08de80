package infopass.gateway;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.openqa.selenium.By;
import org.openqa.selenium.JavascriptExecutor;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.FluentWait;

/** A real Chromium without a window, with a profile of its own. For the thread of a test. */
final class Browser implements AutoCloseable {
  /** How a page is looked at. */
  record Look(String name, int width, int height, boolean dark, boolean contrast) {
    static final Look DESKTOP_LIGHT = new Look("desktop-light", 1280, 800, false, false);
    static final Look DESKTOP_DARK = new Look("desktop-dark", 1280, 800, true, false);
    static final Look PHONE_LIGHT = new Look("phone-light", 360, 740, false, false);
    static final Look PHONE_DARK = new Look("phone-dark", 360, 740, true, false);

    /** Few colours, chosen by the user. Last: it leaves traces until the next page is loaded. */
    static final Look DESKTOP_CONTRAST = new Look("desktop-contrast", 1280, 800, false, true);

    static List<Look> all() {
      return List.of(DESKTOP_LIGHT, DESKTOP_DARK, PHONE_LIGHT, PHONE_DARK, DESKTOP_CONTRAST);
    }
  }

  private static final Path BINARY = Path.of("/usr/bin/chromium");
  private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
  private static final Path SCREENSHOTS = Path.of("target", "screenshots");
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration LOOK_EVERY = Duration.ofMillis(20);

  /** Held, because a logger that nobody holds forgets its level. */
  private static final Logger SELENIUM = Logger.getLogger("org.openqa.selenium");

  private final Path profile;
  private final ChromeDriver driver;

  private Browser(Path profile, ChromeDriver driver) {
    this.profile = profile;
    this.driver = driver;
  }

  static boolean isInstalled() {
    return Files.isExecutable(BINARY) && Files.isExecutable(DRIVER);
  }

  static Browser start() {
    SELENIUM.setLevel(Level.SEVERE);
    try {
      Path profile = Files.createTempDirectory("browser");
      ChromeDriverService service =
          new ChromeDriverService.Builder()
              .usingDriverExecutable(DRIVER.toFile())
              .usingAnyFreePort()
              .build();
      return new Browser(profile, new ChromeDriver(service, options(profile)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ChromeOptions options(Path profile) {
    ChromeOptions options = new ChromeOptions();
    options.setBinary(BINARY.toFile());
    options.addArguments(
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-dev-shm-usage",
        "--user-data-dir=" + profile);
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    options.setCapability("goog:loggingPrefs", logs);
    return options;
  }

  /** Loads a page, with the console empty, and runs these scripts in it before its own. */
  void open(String url, String... scripts) {
    console();
    List<Object> added = new ArrayList<>();
    for (String script : scripts) {
      Map<String, Object> source = Map.of("source", script);
      added.add(
          driver
              .executeCdpCommand("Page.addScriptToEvaluateOnNewDocument", source)
              .get("identifier"));
    }
    driver.get(url);
    for (Object id : added) {
      driver.executeCdpCommand(
          "Page.removeScriptToEvaluateOnNewDocument", Map.of("identifier", id));
    }
  }

  void lookAs(Look look) {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of(
            "width",
            look.width(),
            "height",
            look.height(),
            "deviceScaleFactor",
            1,
            "mobile",
            look.width() < 600));
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of(
            "features",
            List.of(
                Map.of("name", "prefers-color-scheme", "value", look.dark() ? "dark" : "light"),
                Map.of("name", "forced-colors", "value", look.contrast() ? "active" : "none"),
                Map.of("name", "prefers-reduced-motion", "value", "reduce"))));
  }

  /** Writes what is on the screen to a file for people to look at. */
  void screenshot(String name) {
    ((JavascriptExecutor) driver)
        .executeAsyncScript(
            "const painted = arguments[0];"
                + " requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(painted, 50)))");
    try {
      Files.createDirectories(SCREENSHOTS);
      Files.write(SCREENSHOTS.resolve(name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  WebElement element(String css) {
    return driver.findElement(By.cssSelector(css));
  }

  boolean shows(String css) {
    return driver.findElements(By.cssSelector(css)).stream().anyMatch(WebElement::isDisplayed);
  }

  /** The text of the page as a person sees it, shadow trees left out. */
  String text() {
    return element("body").getText();
  }

  void type(String css, String value) {
    WebElement field = element(css);
    field.clear();
    field.sendKeys(value);
  }

  void click(String css) {
    element(css).click();
  }

  Object run(String script, Object... arguments) {
    return ((JavascriptExecutor) driver).executeScript(script, arguments);
  }

  boolean holds(String expression) {
    return Boolean.TRUE.equals(run("return Boolean(" + expression + ")"));
  }

  long number(String expression) {
    return ((Number) run("return Math.floor(" + expression + ")")).longValue();
  }

  /** Waits, within bounds, until this JavaScript expression is true. */
  void await(String expression) {
    new FluentWait<>(this)
        .withTimeout(PATIENCE)
        .pollingEvery(LOOK_EVERY)
        .ignoring(StaleElementReferenceException.class)
        .withMessage(expression)
        .until(browser -> browser.holds(expression));
  }

  /** What axe-core finds wrong with the page as it is, one line each. */
  List<String> accessibilityViolations() {
    if (!holds("window.axe")) {
      run(axe());
    }
    Object found =
        ((JavascriptExecutor) driver)
            .executeAsyncScript(
                """
                const done = arguments[arguments.length - 1];
                axe.run(document, {resultTypes: ['violations']}).then(
                  (results) => done(results.violations.flatMap((rule) => rule.nodes.map(
                    (node) => rule.id + ': ' + node.target.join(' ') + ': ' + node.failureSummary))),
                  (problem) => done(['axe: ' + problem]));
                """);
    return ((List<?>) found).stream().map(String::valueOf).toList();
  }

  private static String axe() {
    try (InputStream in = Browser.class.getResourceAsStream("/axe.min.js")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the console says since it was last asked: warnings and errors. */
  List<String> console() {
    List<String> lines = new ArrayList<>();
    for (LogEntry entry : driver.manage().logs().get(LogType.BROWSER)) {
      if (entry.getLevel().intValue() >= Level.WARNING.intValue()) {
        lines.add(entry.getMessage());
      }
    }
    return lines;
  }

  @Override
  public void close() {
    driver.quit();
    try (Stream<Path> files = Files.walk(profile)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
