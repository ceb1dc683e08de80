package infopass.gateway;

import infopass.gateway.sandbox.Sandbox;
import infopass.gateway.sandbox.SandboxOptions;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Runs the sandbox alone. */
@Command(
    name = "sandbox",
    description = "Run the built-in Infopass sandbox alone.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
final class SandboxCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @ParentCommand private Main main;

  @Option(names = "--port", defaultValue = "8089", description = "Port; 0 is any free port.")
  private int port;

  @Option(names = "--host", defaultValue = "127.0.0.1", description = "Address to listen on.")
  private String host;

  @Option(names = "--latency", paramLabel = "20ms", description = "Time before each answer.")
  private String latency;

  @Option(
      names = "--quota",
      paramLabel = "20/60s",
      description = "Requests per period; 429 beyond it.")
  private String quota;

  @Option(
      names = "--fail-rate",
      paramLabel = "0.05",
      defaultValue = "0",
      description = "Share of requests that fail with 500.")
  private double failRate;

  @Option(names = "--journal-bodies", description = "Keep request bodies in the journal.")
  private boolean journalBodies;

  @Override
  public Integer call() {
    main.takesNoOptionsBefore(spec);
    SandboxOptions options;
    try {
      options =
          SandboxOptions.defaults()
              .withHost(host)
              .withPort(port)
              .withFailRate(failRate)
              .withJournalBodies(journalBodies);
      if (latency != null) {
        options = options.withLatency(SandboxOptions.duration(latency));
      }
      if (quota != null) {
        options = options.withQuota(SandboxOptions.Quota.parse(quota));
      }
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
    SandboxOptions chosen = options;
    return main.process()
        .run(
            Main.vertx(),
            vertx ->
                new Sandbox(vertx, chosen)
                    .start()
                    .map(
                        sandbox ->
                            new Process.Running(
                                "ready: " + sandbox.baseUri(),
                                vertx::close,
                                Duration.ofSeconds(10))));
  }
}
