package infopass.gateway;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * What a later build would be: this one, with a few classes compiled from changed copies of their
 * sources, to stand before the others in the class path.
 *
 * @param classes where they are
 */
record OtherBuild(Path classes) {
  private static final Path SOURCES = Path.of("src/main/java/infopass/gateway/cluster");

  /**
   * A build whose nodes hand inits over in these versions, the newest first. The first is what this
   * build speaks; all others are written otherwise. What it tells of a node is longer, too.
   *
   * @param name of its folder
   */
  static OtherBuild speaking(String name, int... versions) {
    List<String> all = IntStream.of(versions).mapToObj(OtherBuild::version).toList();
    String current =
        "static Conversation current() {\n    return new Conversation(List.of(%s));\n  }\n"
            .formatted(String.join(",\n", all));
    String conversation =
        replaced(
            source("Conversation"), "(?s)static Conversation current\\(\\) \\{.*?\n  }\n", current);
    String node =
        replaced(
            source("Node"),
            "out\\.writeInt\\(pace\\.left\\(\\)\\);",
            "out.writeInt(pace.left()); out.writeUTF(\"more\");");
    Path folder = Path.of("target", "other-build", name);
    return new OtherBuild(compiled(folder, conversation, node));
  }

  private static String version(int number) {
    String names = "\"infopass.init.v%1$s\", \"infopass.outcome.v%1$s\"".formatted(number);
    String[] name = names.split(", ");
    return number == 1
        ? "new Version(1, WireCodec.handover(%s), WireCodec.handback(%s))"
            .formatted(name[0], name[1])
        : "new Version(%s, %s, %s)"
            .formatted(number, codec("Handover", name[0]), codec("Handback", name[1]));
  }

  /** Begins with something that who reads it otherwise would take for a part of the message. */
  private static String codec(String message, String name) {
    return ("new WireCodec<%1$s>(%2$s, (message, out) -> { out.writeLong(-1); message.write(out); },"
            + " in -> { in.readLong(); return %1$s.read(in); })")
        .formatted(message, name);
  }

  private static String replaced(String source, String what, String by) {
    String changed = source.replaceFirst(what, by.replace("$", "\\$"));
    if (changed.equals(source)) {
      throw new AssertionError("the source has no " + what);
    }
    return changed;
  }

  private static String source(String name) {
    try {
      return Files.readString(SOURCES.resolve(name + ".java"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path compiled(Path folder, String conversation, String node) {
    try {
      Path sources = Files.createDirectories(folder.resolve("sources"));
      Path classes = Files.createDirectories(folder.resolve("classes"));
      List<Path> files = new ArrayList<>();
      files.add(Files.writeString(sources.resolve("Conversation.java"), conversation));
      files.add(Files.writeString(sources.resolve("Node.java"), node));
      JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
      StringWriter said = new StringWriter();
      try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
        List<String> options =
            List.of(
                "--release",
                "17",
                "-proc:none",
                "-cp",
                System.getProperty("java.class.path"),
                "-d",
                classes.toString());
        boolean done =
            compiler
                .getTask(
                    said, manager, null, options, null, manager.getJavaFileObjectsFromPaths(files))
                .call();
        if (!done) {
          throw new AssertionError(said);
        }
      }
      return classes.toAbsolutePath();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
