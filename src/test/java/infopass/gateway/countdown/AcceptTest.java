package infopass.gateway.countdown;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AcceptTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "text/event-stream                                  | true",
        "Text/Event-Stream                                  | true",
        "text/event-stream; charset=utf-8                   | true",
        "text/event-stream, application/json                | true",
        "text/event-stream, */*                             | true",
        "text/event-stream;q=0.5, */*;q=0.1                 | true",
        "text/event-stream;q=0.9, application/json;q=0.1    | true",
        "application/json;q=0, text/event-stream;q=0.1, */* | true",
        "text/event-stream;q=0.1, application/json;q=0.9    | false",
        "application/json, text/event-stream;q=0.5          | false",
        "text/event-stream;q=0.5, application/*             | false",
        "text/event-stream;q=0.5, */*                       | false",
        "text/event-stream;q=0                              | false",
        "text/event-stream; q = 0.000                       | false",
        "text/*                                             | false",
        "*/*                                                | false",
        "application/json                                   | false",
        "''                                                 | false",
        ";,;;,                                              | false",
        "text/event-stream;q=many                           | true"
      })
  void eventsAreForWhoNamesThemAndPrefersNothingElse(String field, boolean events) {
    assertEquals(
        events, Accept.prefers(List.of(field), "text/event-stream", "application/json"), field);
  }

  @ParameterizedTest
  @CsvSource({"1, true", "0.5, false"})
  void linesOfTheFieldAreOneList(String weight, boolean events) {
    List<String> lines = List.of("application/json", "text/event-stream;q=" + weight);
    assertEquals(events, Accept.prefers(lines, "text/event-stream", "application/json"));
  }
}
