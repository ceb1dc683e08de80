package infopass.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Thousands of broken requests: each connection ends, nothing fails that should not, nothing leaks
 * and nothing personal is logged. Another seed each time; a failure names it. A hundred thousand
 * are sent on demand by {@link FuzzedRequestsRehearsal}.
 */
@Timeout(400)
class FuzzedRequestsIT {
  private static final int REQUESTS = 3_000;

  @Test
  void survivesWhateverIsSent() throws Exception {
    long seed = ThreadLocalRandom.current().nextLong();
    FuzzedRequestsRehearsal.Report report = FuzzedRequestsRehearsal.rehearse(seed, REQUESTS);

    assertEquals(List.of(), report.complaints(), "seed " + seed);
    assertTrue(report.statuses().getOrDefault("200", 0L) > REQUESTS / 50, report.toString());
    assertTrue(report.statuses().getOrDefault("400", 0L) > REQUESTS / 50, report.toString());
    assertTrue(report.logLines() > REQUESTS / 20, "the log was listened to: " + report.logLines());
  }
}
