package infopass.gateway;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import infopass.gateway.config.ConfigException;
import infopass.gateway.config.ConfigSource;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SigningKeysTest {
  private static final String SECRET = "s".repeat(32);
  private static final String KEY = "k".repeat(32);

  private static GatewayConfig config(String yaml) throws ConfigException {
    return ConfigLoader.load(ConfigSource.text("test", yaml), Map.of(), true);
  }

  private static String cluster(String secret) {
    return "cluster: {enabled: true, host: 127.0.0.1, port: 7800, hosts: ['127.0.0.1:7800'],"
        + " secret: "
        + secret
        + ", eventBus: {port: 7900}}\n";
  }

  private static String link(GatewayConfig config) {
    return SigningKeys.links(config).linkTo("digilocker_1", Instant.ofEpochSecond(1_800_000_000));
  }

  @Test
  void nodesOfAClusterSignAlikeWhereNoKeyIsSet() throws ConfigException {
    assertEquals(link(config(cluster(SECRET))), link(config(cluster(SECRET))));
    assertNotEquals(link(config(cluster(SECRET))), link(config(cluster("t".repeat(32)))));
  }

  @Test
  void replicasWithoutAClusterDoNot() throws ConfigException {
    assertNotEquals(link(config("")), link(config("")));
  }

  @Test
  void aConfiguredKeySignsAndTheClustersOwnHoldsLast() throws ConfigException {
    List<byte[]> derived = SigningKeys.keys(config(cluster(SECRET)));
    List<byte[]> both =
        SigningKeys.keys(config(cluster(SECRET) + "countdown: {signingKeys: [" + KEY + "]}\n"));

    assertEquals(1, derived.size());
    assertEquals(2, both.size());
    assertArrayEquals(KEY.getBytes(StandardCharsets.UTF_8), both.get(0));
    assertArrayEquals(derived.get(0), both.get(1));
    assertFalse(new String(derived.get(0), StandardCharsets.ISO_8859_1).contains(SECRET));
  }
}
