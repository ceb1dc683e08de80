package infopass.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients that are generated from the API's document send an init, and read its answer. */
@Timeout(300)
class GeneratedClientsIT {
  private static final Path GENERATOR = Path.of("target/tools/openapi-generator.jar");
  private static final Path DOCUMENT = Path.of("conf/openapi.yaml");
  private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin");

  private static RunningGateway gateway;

  @TempDir private Path folder;

  @BeforeAll
  static void start() {
    require(Files.exists(GENERATOR), "no " + GENERATOR + ": Maven copies it in mvn verify");
    gateway = RunningGateway.start();
  }

  @AfterAll
  static void stop() {
    if (gateway != null) {
      gateway.close();
    }
  }

  private static void require(boolean there, String missing) {
    if (!there) {
      System.out.println("GeneratedClientsIT: " + missing + "; NOTHING OF IT WAS TESTED");
      if ("true".equals(System.getenv("CI"))) {
        fail(missing);
      }
      Assumptions.abort(missing);
    }
  }

  private static boolean installed(String program) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
  }

  private String run(String... command) throws Exception {
    Path out = folder.resolve("out");
    java.lang.Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    assertTrue(process.waitFor(200, TimeUnit.SECONDS), command[0]);
    String said = Files.readString(out);
    assertEquals(0, process.exitValue(), () -> String.join(" ", command) + "\n" + said);
    return said;
  }

  private void generate(String language, String... more) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                JAVA.resolve("java").toString(),
                "-jar",
                GENERATOR.toAbsolutePath().toString(),
                "generate",
                "--input-spec",
                DOCUMENT.toAbsolutePath().toString(),
                "--generator-name",
                language,
                "--output",
                folder.resolve("client").toString()));
    command.addAll(List.of(more));
    run(command.toArray(String[]::new));
  }

  @Test
  void aJavaClientSendsAnInit() throws Exception {
    // Given
    generate(
        "java",
        "--library",
        "native",
        "--additional-properties=openApiNullable=false,useJakartaEe=true");
    Path use = folder.resolve("Use.java");
    Files.writeString(
        use,
        """
        import java.util.Base64;
        import org.openapitools.client.ApiClient;
        import org.openapitools.client.api.DigilockerApi;
        import org.openapitools.client.model.InitRequest;

        public class Use {
          public static void main(String[] arguments) throws Exception {
            ApiClient client = new ApiClient();
            client.updateBaseUri(arguments[0]);
            String basic = Base64.getEncoder().encodeToString("user:pass".getBytes());
            client.setRequestInterceptor(r -> r.header("Authorization", "Basic " + basic));
            InitRequest person = new InitRequest().name("Test Kumar").email("a@b.in")
                .mobile("9876543210").redirectUrl(java.net.URI.create("https://infopass.in").toString())
                .state("Uttar Pradesh");
            System.out.println(new DigilockerApi(client)
                .init(person, null, null, null, null, null, null).getData().getClientId());
          }
        }
        """);
    List<String> sources = new ArrayList<>(List.of(use.toString()));
    try (Stream<Path> files = Files.walk(folder.resolve("client/src/main/java"))) {
      files.map(Path::toString).filter(file -> file.endsWith(".java")).forEach(sources::add);
    }
    Path list = Files.write(folder.resolve("sources"), sources, UTF_8);
    String libraries = System.getProperty("java.class.path");
    String classes = folder.resolve("classes").toString();
    run(
        JAVA.resolve("javac").toString(),
        "-nowarn",
        "-proc:none",
        "-d",
        classes,
        "-cp",
        libraries,
        "@" + list);

    // When
    String said =
        run(
            JAVA.resolve("java").toString(),
            "-cp",
            classes + File.pathSeparator + libraries,
            "Use",
            gateway.uri("").toString());

    // Then
    assertTrue(said.startsWith("digilocker_"), said);
  }

  @Test
  void aTypeScriptClientSendsAnInit() throws Exception {
    require(installed("node") && installed("tsc"), "no node or no tsc (typescript) installed");
    // Given
    generate("typescript-fetch");
    run(
        "tsc",
        "--target",
        "es2020",
        "--module",
        "commonjs",
        "--lib",
        "es2020,dom",
        "--outDir",
        "js",
        "client/index.ts");
    Files.writeString(
        folder.resolve("use.js"),
        """
        const {Configuration, DigilockerApi} = require('./js');
        const configuration =
            new Configuration({basePath: process.argv[2], username: 'user', password: 'pass'});
        new DigilockerApi(configuration)
            .init({initRequest: {name: 'Test Kumar', email: 'a@b.in', mobile: '9876543210',
                redirectUrl: 'https://infopass.in', state: 'Uttar Pradesh'}})
            .then((answer) => console.log(answer.data.clientId));
        """);

    // When
    String said = run("node", "use.js", gateway.uri("").toString());

    // Then
    assertTrue(said.startsWith("digilocker_"), said);
  }
}
