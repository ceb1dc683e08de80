package infopass.gateway.sandbox;

import java.util.HashMap;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.regex.Pattern;

/** What each scenario answers. Not thread-safe: one for each event loop. */
final class Scenarios {

  private static final int HUGE_BYTES = 70_000;
  private static final Pattern CODE = Pattern.compile("[0-9A-Za-z_.-]{1,32}");

  private final Links links;
  private final FlakyCounts flaky;
  private final Map<String, BiFunction<Cue, byte[], Reply>> scripts = new HashMap<>();

  Scenarios(Links links, FlakyCounts flaky) {
    this.links = links;
    this.flaky = flaky;
    addTroublesOfTheService();
    addTroublesOfTheConnection();
    addBrokenDocuments();
    addOddLinks();
  }

  /** The reply that the cue asks for; a name that is no cue gets a link like anybody's. */
  Reply play(Cue cue, byte[] body) {
    BiFunction<Cue, byte[], Reply> script = scripts.get(cue.word());
    return script == null ? success() : script.apply(cue, body).named(cue.word());
  }

  private void addTroublesOfTheService() {
    add("Slow", cue -> success().after(cue.number(0, 1000)));
    add("Status", cue -> Reply.of(status(cue.number(0, 503), cue.number(1, -1))));
    scripts.put(
        "Flaky",
        (cue, body) ->
            flaky.failsNow(body, cue.number(0, 1)) ? Reply.of(flakyFailure(cue)) : success());
    add("Reject", cue -> Reply.of(reject(cue.argument(0))));
    add("Redirect", cue -> Reply.of(redirect()));
  }

  private void addTroublesOfTheConnection() {
    add("Reset", cue -> Reply.of(new Answer.Reset()));
    add("Hang", cue -> Reply.of(new Answer.Hang()));
    addLink("ResetAfter", (cue, link) -> new Answer.ResetAfter(link.document()));
    addLink(
        "Drip", (cue, link) -> new Answer.Drip(link.document(), Math.max(1, cue.number(0, 100))));
  }

  private void addBrokenDocuments() {
    add("Malformed", cue -> Reply.of(Answer.json(200, "{\"code\":\"0x0200\",,}")));
    add("Empty", cue -> Reply.of(Answer.json(200, "")));
    add("Html", cue -> Reply.of(html()));
    addDocument("Truncated", (cue, link) -> half(link.document()));
    addDocument("Huge", (cue, link) -> padded(link.document()));
    addDocument("Trailing", (cue, link) -> link.document() + "}{\"code\":\"0x0500\"}");
  }

  private void addOddLinks() {
    addDocument("Crossed", (cue, link) -> link.withToken(links.next().token()).document());
    addDocument("SandboxToken", (cue, link) -> links.sandboxed(link).document());
    addDocument("Stale", (cue, link) -> links.aged(link, cue.number(0, 300)).document());
    addDocument("Expiry", (cue, link) -> link.withExpiry(cue.jsonNumber(0, "5")).document());
    addDocument(
        "ExpiryText", (cue, link) -> link.withExpiry("\"" + cue.number(0, 600) + "\"").document());
    addDocument(
        "ExpiryFloat", (cue, link) -> link.withExpiry(cue.number(0, 600) + ".0").document());
    addDocument("NoLink", (cue, link) -> link.document(""));
    addDocument("WrongHost", (cue, link) -> link.document(link.url("evil.example")));
  }

  private void add(String word, Function<Cue, Reply> script) {
    scripts.put(word, (cue, body) -> script.apply(cue));
  }

  private void addDocument(String word, BiFunction<Cue, Link, String> document) {
    addLink(word, (cue, link) -> Answer.json(200, document.apply(cue, link)));
  }

  private void addLink(String word, BiFunction<Cue, Link, Answer> answer) {
    add(
        word,
        cue -> {
          Link link = links.next();
          return Reply.of(answer.apply(cue, link)).handingOut(link);
        });
  }

  private Reply success() {
    Link link = links.next();
    return Reply.of(Answer.json(200, link.document())).handingOut(link);
  }

  private static Answer status(int status, int retryAfterSeconds) {
    int known = status >= 200 && status <= 599 ? status : 503;
    Map<String, String> headers =
        retryAfterSeconds < 0
            ? Map.of()
            : Map.of("Retry-After", Integer.toString(retryAfterSeconds));
    String document = Documents.failure(known, "As the name of the scenario asks.");
    return new Answer.Whole(known, Answer.JSON, document, headers);
  }

  private static Answer flakyFailure(Cue cue) {
    return cue.argument(1).equals("reset")
        ? new Answer.Reset()
        : status(cue.number(1, 503), cue.number(2, -1));
  }

  private static Answer reject(String code) {
    String known = CODE.matcher(code).matches() ? code : "0x0422";
    return Answer.json(200, Documents.failure(known, "The request was rejected."));
  }

  private static Answer html() {
    return new Answer.Whole(200, "text/html; charset=utf-8", Documents.page("Blocked"), Map.of());
  }

  /** To a place that shows up in the journal, should somebody follow. */
  private static Answer redirect() {
    String document = Documents.failure(302, "Moved.");
    return new Answer.Whole(302, Answer.JSON, document, Map.of("Location", "/moved"));
  }

  private static String half(String document) {
    return document.substring(0, document.length() / 2);
  }

  private static String padded(String document) {
    String padding = ",\"padding\":\"" + "x".repeat(HUGE_BYTES) + "\"}";
    return document.substring(0, document.length() - 1) + padding;
  }
}
