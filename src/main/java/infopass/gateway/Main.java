package infopass.gateway;

import infopass.gateway.cluster.ClusterConfig.Role;
import infopass.gateway.config.ConfigException;
import infopass.gateway.config.ConfigSource;
import infopass.gateway.infopass.ExtraTrust;
import infopass.gateway.logging.OutOfMemoryExit;
import infopass.gateway.sandbox.Sandbox;
import infopass.gateway.sandbox.SandboxOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.impl.VertxBootstrapImpl;
import io.vertx.core.transport.Transport;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line: arguments, signals, exit code. */
@Command(
    name = "infopass-gateway",
    description = "A gateway between onboarding apps and the Infopass DigiLocker API.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    subcommands = {SandboxCommand.class, TrainCommand.class},
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:stopped as asked",
      "1:failed while running",
      "2:bad usage or configuration; nothing was started"
    })
public final class Main implements Callable<Integer> {
  static final int STOPPED = 0;
  static final int FAILED = 1;
  static final int BAD_CONFIGURATION = 2;

  private static final Duration LOOK_AT_FILES_EVERY = Duration.ofSeconds(5);
  private static final Path DEFAULT_CONF = Path.of("conf", "gateway.yaml");

  @Spec private CommandSpec spec;

  @Option(
      names = "--conf",
      paramLabel = "FILE",
      description = "Configuration (YAML or JSON); conf/gateway.yaml if not given.")
  private Path conf;

  @Option(
      names = "--sandbox",
      description = "Also start the built-in Infopass sandbox, and send to it.")
  private boolean sandbox;

  @Option(
      names = "--check",
      description = "Load and check the configuration, print every fault, and exit.")
  private boolean check;

  @Option(
      names = "--strict",
      description = "With --check: a warning is a fault, and the exit code is 2.")
  private boolean strict;

  private final Process process;

  private Main(Process process) {
    this.process = process;
  }

  public static void main(String[] args) {
    Process process = new Process().heedingSignals();
    JvmSettings.apply();
    EarlyLogging.claim();
    System.exit(process.end(commandLine(process).execute(args)));
  }

  /**
   * @param process runs what is started
   */
  static CommandLine commandLine(Process process) {
    return new CommandLine(new Main(process))
        .setExecutionExceptionHandler(
            (exception, commandLine, parsed) -> {
              commandLine.getErr().println("failed: " + exception.getMessage());
              return FAILED;
            });
  }

  @Override
  public Integer call() throws Exception {
    if (strict && !check) {
      throw new ParameterException(spec.commandLine(), "--strict goes with --check");
    }
    GatewayConfig config;
    try {
      config = ConfigLoader.load(source(), System.getenv(), sandbox);
    } catch (ConfigException e) {
      PrintWriter err = spec.commandLine().getErr();
      e.faults().forEach(err::println);
      err.println("configuration: " + e.faults().size() + " fault(s); nothing was started");
      return BAD_CONFIGURATION;
    }
    List<String> warnings = ConfigWarnings.of(config);
    if (check) {
      return checked(warnings);
    }
    Logging.configure(config.logging());
    OutOfMemoryExit.install();
    log().atInfo().addKeyValue("version", version()).log("starting");
    warnings.forEach(warning -> log().warn("{}", warning));
    ConfigWarnings.ofHeap(config, Runtime.getRuntime().maxMemory())
        .ifPresent(warning -> log().warn("{}", warning));
    NettyVersions.unsafe().forEach(unsafe -> log().warn("{}", unsafe));
    if (!config.cluster().enabled()) {
      return process.run(vertx(), vertx -> start(vertx, config, Cluster.ALONE));
    }
    ClusterWiring cluster =
        process.prepare(
            () -> ClusterWiring.join(config, Surroundings.system()), ClusterWiring::abandon);
    return process.run(cluster.vertx(), vertx -> start(vertx, config, cluster));
  }

  private int checked(List<String> warnings) {
    warnings.forEach(warning -> spec.commandLine().getErr().println("warning: " + warning));
    spec.commandLine()
        .getOut()
        .println(
            "configuration: no faults"
                + (warnings.isEmpty() ? "" : ", " + warnings.size() + " warning(s)"));
    return strict && !warnings.isEmpty() ? BAD_CONFIGURATION : STOPPED;
  }

  /** What stands before a subcommand would not be done: better said than found out. */
  void takesNoOptionsBefore(CommandSpec subcommand) {
    if (conf != null || sandbox || check || strict) {
      throw new ParameterException(
          subcommand.commandLine(),
          subcommand.name() + " takes no --conf, --sandbox or --check before it");
    }
  }

  private Future<Process.Running> start(Vertx vertx, GatewayConfig config, Cluster cluster) {
    if (!sandbox) {
      return gateway(vertx, config, cluster, UnaryOperator.identity());
    }
    return new Sandbox(vertx, SandboxOptions.defaults())
        .start()
        .compose(
            partner -> {
              log().atInfo().addKeyValue("port", partner.port()).log("sandbox");
              return gateway(vertx, config, cluster, next -> next.sendingTo(partner.baseUri()));
            });
  }

  /**
   * @param adapted what this process makes of a configuration that was read
   */
  private Future<Process.Running> gateway(
      Vertx vertx, GatewayConfig read, Cluster cluster, UnaryOperator<GatewayConfig> adapted) {
    GatewayConfig config = adapted.apply(read);
    Gateway gateway;
    try {
      gateway =
          new Gateway(
              config,
              vertx,
              Surroundings.system(),
              eventLoops(),
              ExtraTrust.load(config.infopass().tls().trustCertificates()),
              cluster,
              UnaryOperator.identity());
    } catch (IOException e) {
      return Future.failedFuture(e);
    }
    return gateway
        .start()
        .map(
            started -> {
              watched().ifPresent(file -> watch(vertx, file, gateway, config, adapted));
              String ready = readyLine(config, gateway, cluster);
              return new Process.Running(ready, gateway::stop, stopPatience(config));
            });
  }

  /** The file is looked at every few seconds, and on SIGHUP at once. */
  private void watch(
      Vertx vertx,
      Path file,
      Gateway gateway,
      GatewayConfig config,
      UnaryOperator<GatewayConfig> adapted) {
    ConfigWatch watch =
        new ConfigWatch(
            vertx,
            file,
            System.getenv(),
            sandbox,
            LOOK_AT_FILES_EVERY,
            next -> gateway.reload(adapted.apply(next)));
    watch.start(config);
    process.onHangUp(watch::reload);
  }

  /** Where callers reach it; a node that only calls the partner has nothing for them. */
  private static String readyLine(GatewayConfig config, Gateway gateway, Cluster cluster) {
    String management =
        "management http://%s:%s"
            .formatted(inUrl(config.management().host()), gateway.managementPort());
    if (!cluster.has(Role.HTTP)) {
      return "ready: " + management;
    }
    String scheme = config.http().tls().isPresent() ? "https" : "http";
    return "ready: %s://%s:%s (%s)"
        .formatted(scheme, inUrl(config.http().host()), gateway.httpPort(), management);
  }

  /** An IPv6 address stands in brackets there. */
  private static String inUrl(String host) {
    return host.indexOf(':') < 0 || host.startsWith("[") ? host : '[' + host + ']';
  }

  private static Duration stopPatience(GatewayConfig config) {
    GatewayConfig.Shutdown shutdown = config.shutdown();
    return shutdown.drainDelay().plus(shutdown.grace()).plusSeconds(10);
  }

  /** Not before it is needed: loading the loggers takes longer than reading the arguments. */
  private static Logger log() {
    return LoggerFactory.getLogger(Main.class);
  }

  Process process() {
    return process;
  }

  private ConfigSource source() {
    return watched()
        .map(ConfigSource::file)
        .orElseGet(() -> ConfigSource.text("gateway.yaml of the jar", builtIn()));
  }

  /** The file that the configuration is read from, if it is one. */
  private Optional<Path> watched() {
    return conf != null ? Optional.of(conf) : Optional.of(DEFAULT_CONF).filter(Files::exists);
  }

  /** The same file, for where there is none: its environment variables hold there too. */
  static String builtIn() {
    try (InputStream in = Main.class.getResourceAsStream("gateway.yaml")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Looks for no services on the class path: what is there for clusters stays unloaded. The
   * transport, which the ordinary builder would choose by the options, has to be given.
   */
  static Vertx vertx() {
    return new VertxBootstrapImpl()
        .options(vertxOptions())
        .transport(transport().implementation())
        .serviceProviders(List.of())
        .init()
        .vertx();
  }

  private static Transport transport() {
    Transport fastest = Transport.nativeTransport();
    return fastest == null ? Transport.NIO : fastest;
  }

  static VertxOptions vertxOptions() {
    return new VertxOptions()
        .setEventLoopPoolSize(eventLoops())
        .setPreferNativeTransport(true)
        .setFileSystemOptions(
            new FileSystemOptions()
                .setFileCachingEnabled(false)
                .setClassPathResolvingEnabled(false));
  }

  static int eventLoops() {
    return Math.max(1, Runtime.getRuntime().availableProcessors());
  }

  /** The version that the jar was built as; {@code unbuilt} where there is none. */
  static String version() {
    String version = Main.class.getPackage().getImplementationVersion();
    return version == null ? "unbuilt" : version;
  }

  /** Tells {@link #version}. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"infopass-gateway " + version()};
    }
  }
}
