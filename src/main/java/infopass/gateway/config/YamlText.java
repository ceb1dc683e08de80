package infopass.gateway.config;

import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** Parses one YAML 1.2 document within bounds; text that is none is one fault, and no document. */
final class YamlText {
  private static final int DEPTH_LIMIT = 64;

  private final ConfigSource source;
  private final Faults faults;
  private final LoadSettings settings;

  YamlText(ConfigSource source, Faults faults) {
    this.source = source;
    this.faults = faults;
    this.settings =
        LoadSettings.builder()
            .setLabel(source.name())
            .setSchema(new CoreSchema())
            .setCodePointLimit(ConfigSource.LIMIT_BYTES)
            .build();
  }

  /** Empty if there is nothing in it, or nothing that can be used. */
  Optional<Node> compose() {
    if (source.yaml().length() > ConfigSource.LIMIT_BYTES) {
      return fault(0, 0, "must not be larger than 1 MiB");
    }
    try {
      return withinBounds() ? new Compose(settings).composeString(source.yaml()) : Optional.empty();
    } catch (MarkedYamlEngineException invalid) {
      return fault(invalid.getProblemMark(), problem(invalid));
    } catch (ReaderException invalid) {
      return fault(lineOf(invalid.getPosition()), 0, "special characters are not allowed");
    } catch (RuntimeException invalid) {
      // On garbage the parser throws more than it declares.
      return fault(0, 0, "is not valid YAML");
    }
  }

  /** Walks the events, which needs no stack, before the composer, which recurses, may run. */
  private boolean withinBounds() {
    int depth = 0;
    int documents = 0;
    for (Event event : new Parse(settings).parseString(source.yaml())) {
      switch (event.getEventId()) {
        case MappingStart, SequenceStart -> depth++;
        case MappingEnd, SequenceEnd -> depth--;
        case DocumentStart -> documents++;
        default -> {}
      }
      String broken = brokenBound(event, depth, documents);
      if (broken != null) {
        fault(event.getStartMark(), broken);
        return false;
      }
    }
    return true;
  }

  private static String brokenBound(Event event, int depth, int documents) {
    if (event.getEventId() == Event.ID.Alias) {
      return "aliases are not supported; quote a text that begins with *";
    }
    if (depth > DEPTH_LIMIT) {
      return "must not be nested deeper than " + DEPTH_LIMIT + " levels";
    }
    return documents > 1 ? "must hold one document only" : null;
  }

  /** The parser's own words, except where they quote more than a character of the document. */
  private static String problem(MarkedYamlEngineException invalid) {
    String problem = String.valueOf(invalid.getProblem());
    if (problem.contains("tag handle")) {
      return "found an undefined tag handle; quote a text that begins with !";
    }
    return problem.lines().findFirst().orElse("is not valid YAML");
  }

  private Optional<Node> fault(Optional<Mark> mark, String rule) {
    int line = mark.map(known -> known.getLine() + 1).orElse(0);
    return fault(line, mark.map(known -> known.getColumn() + 1).orElse(0), rule);
  }

  private Optional<Node> fault(int line, int column, String rule) {
    faults.add(new Place(source.name(), line, column), Fault.at("", rule));
    return Optional.empty();
  }

  private int lineOf(int position) {
    return 1 + (int) source.yaml().codePoints().limit(position).filter(c -> c == '\n').count();
  }
}
