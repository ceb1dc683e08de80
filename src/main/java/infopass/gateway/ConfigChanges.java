package infopass.gateway;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** What is different between two configurations, by key. */
final class ConfigChanges {
  private ConfigChanges() {}

  /** Dotted names of the record components that differ, in their order. */
  static List<String> between(GatewayConfig before, GatewayConfig after) {
    List<String> paths = new ArrayList<>();
    compare("", before, after, paths);
    return paths;
  }

  private static void compare(String path, Object before, Object after, List<String> paths) {
    if (Objects.equals(before, after)) {
      return;
    }
    boolean records =
        before != null
            && after != null
            && before.getClass() == after.getClass()
            && before instanceof Record;
    if (!records) {
      paths.add(path);
      return;
    }
    for (RecordComponent part : before.getClass().getRecordComponents()) {
      String name = path.isEmpty() ? part.getName() : path + '.' + part.getName();
      compare(name, value(part, before), value(part, after), paths);
    }
  }

  private static Object value(RecordComponent part, Object of) {
    try {
      return part.getAccessor().invoke(of);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException(e); // Accessors of our own records.
    }
  }
}
