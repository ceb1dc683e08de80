package infopass.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class NettyVersionsTest {
  private static final Path PUBLISHED = Path.of("target/published-pom.xml");

  @Test
  void namesWhatIsBelow() {
    assertEquals(
        List.of(
            "io.netty:netty-codec-http 4.2.13.Final lets request smuggling through: take"
                + " 4.2.18.Final or newer",
            "io.netty:netty-common 4.1.130.Final lets request smuggling through: take"
                + " 4.2.18.Final or newer"),
        NettyVersions.unsafe(
            Map.of(
                "netty-common", "4.1.130.Final",
                "netty-codec-http", "4.2.13.Final",
                "netty-codec-http2", "4.2.18.Final",
                "netty-handler", "4.3.0.Final",
                "netty-buffer", "5.0.0.Alpha1")));
  }

  @Test
  void noneOfOursIs() {
    assertEquals(List.of(), NettyVersions.unsafe());
  }

  /** Those who depend on the artifact get what it was built and tested with. */
  @Test
  void thePublishedPomNamesEveryPartOfNettyInOneVersion() throws Exception {
    Assumptions.assumeTrue(Files.exists(PUBLISHED), "Maven makes it");
    String pom = Files.readString(PUBLISHED);
    Matcher part =
        Pattern.compile(
                "<groupId>io\\.netty</groupId>\\s*<artifactId>(netty-(?!tcnative)[^<]*)</artifactId>"
                    + "\\s*<version>([^<]*)</version>")
            .matcher(pom);
    Set<String> artifacts = new TreeSet<>();
    Set<String> versions = new TreeSet<>();
    while (part.find()) {
      artifacts.add(part.group(1));
      versions.add(part.group(2));
    }
    assertTrue(artifacts.contains("netty-codec-http"), pom);
    assertTrue(artifacts.contains("netty-codec-http2"), pom);
    assertEquals(1, versions.size(), versions::toString);
  }
}
