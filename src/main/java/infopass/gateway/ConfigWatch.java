package infopass.gateway;

import infopass.gateway.config.ConfigException;
import infopass.gateway.config.ConfigSource;
import infopass.gateway.config.SecretFile;
import io.vertx.config.ConfigRetriever;
import io.vertx.config.ConfigRetrieverOptions;
import io.vertx.config.ConfigStoreOptions;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the configuration file, the secret files that it refers to, and the certificates. A
 * change is checked whole: one without faults is handed on, one with faults is told and changes
 * nothing. One per process; thread-safe.
 */
final class ConfigWatch {
  private static final Logger LOG = LoggerFactory.getLogger(ConfigWatch.class);

  private final Vertx vertx;
  private final Path file;
  private final Map<String, String> environment;
  private final boolean sandbox;
  private final Duration period;
  private final Consumer<GatewayConfig> changed;
  private final Context context;
  private ConfigRetriever retriever;
  private volatile Set<Path> watched = Set.of();

  /**
   * @param period how often the files are looked at
   * @param changed takes each new configuration that has no faults
   */
  ConfigWatch(
      Vertx vertx,
      Path file,
      Map<String, String> environment,
      boolean sandbox,
      Duration period,
      Consumer<GatewayConfig> changed) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.file = file;
    this.environment = environment;
    this.sandbox = sandbox;
    this.period = period;
    this.changed = changed;
  }

  /** Begins to watch what this configuration is made of; completes once changes are noticed. */
  Future<Void> start(GatewayConfig config) {
    return watch(filesOf(config));
  }

  private synchronized Future<Void> watch(Set<Path> files) {
    watched = files;
    if (retriever != null) {
      retriever.close();
    }
    ConfigRetrieverOptions options =
        new ConfigRetrieverOptions()
            .setIncludeDefaultStores(false)
            .setScanPeriod(period.toMillis());
    files.forEach(path -> options.addStore(store(path)));
    retriever = ConfigRetriever.create(vertx, options);
    retriever.listen(change -> reload(files));
    return retriever.getConfig().mapEmpty();
  }

  /** As bytes: they are read and checked as they were at the start, by the same code. */
  private static ConfigStoreOptions store(Path path) {
    return new ConfigStoreOptions()
        .setType("file")
        .setFormat("raw")
        .setOptional(true)
        .setConfig(
            new JsonObject()
                .put("path", path.toString())
                .put("raw.key", path.toString())
                .put("raw.type", "binary"));
  }

  /** Reads the file again now. To be called from any thread, once started. */
  void reload() {
    context.runOnContext(now -> reload(watched));
  }

  private void reload(Set<Path> watched) {
    Future<Optional<GatewayConfig>> read = vertx.executeBlocking(this::read);
    read.onSuccess(
        config ->
            config.ifPresent(
                next -> {
                  changed.accept(next);
                  Set<Path> files = filesOf(next);
                  if (!files.equals(watched)) {
                    // What changed before the new watch began, it would never tell.
                    watch(files).onSuccess(begun -> reload(files));
                  }
                }));
    read.onFailure(cause -> LOG.error("configuration not read again", cause));
  }

  private Optional<GatewayConfig> read() {
    if (file.toFile().length() == 0) {
      // Somebody is writing it: all defaults is not what they mean.
      LOG.warn("the configuration file is empty or gone; what was read before stays");
      return Optional.empty();
    }
    try {
      return Optional.of(ConfigLoader.load(ConfigSource.file(file), environment, sandbox));
    } catch (ConfigException e) {
      e.faults().forEach(fault -> LOG.atError().addKeyValue("fault", fault).log("bad setting"));
      LOG.atError()
          .addKeyValue("faults", e.faults().size())
          .log("the changed configuration is refused; the one of before stays");
      return Optional.empty();
    }
  }

  private Set<Path> filesOf(GatewayConfig config) {
    Set<Path> files = new LinkedHashSet<>();
    files.add(file);
    try {
      files.addAll(SecretFile.namedIn(ConfigSource.file(file)));
    } catch (ConfigException gone) {
      LOG.debug("the configuration file is gone");
    }
    config
        .http()
        .tls()
        .ifPresent(
            tls -> {
              files.add(Path.of(tls.certificate()));
              files.add(Path.of(tls.key()));
              if (!tls.clientCa().isEmpty()) {
                files.add(Path.of(tls.clientCa()));
              }
            });
    return files;
  }

  synchronized void stop() {
    if (retriever != null) {
      retriever.close();
    }
  }
}
