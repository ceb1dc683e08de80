package infopass.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Thousands of broken requests: each connection ends, nothing fails that should not, nothing leaks
 * and nothing personal is logged. The same ones each time, so that a red build is one's own; a
 * hundred thousand others are sent on demand by {@link FuzzedRequestsRehearsal}.
 */
@Timeout(400)
class FuzzedRequestsIT {
  private static final int REQUESTS = 3_000;
  private static final long SEED = 20_261_128;

  @Test
  void survivesWhateverIsSent() throws Exception {
    FuzzedRequestsRehearsal.Report report = FuzzedRequestsRehearsal.rehearse(SEED, REQUESTS);

    assertEquals(List.of(), report.complaints(), "seed " + SEED);
    assertTrue(report.statuses().getOrDefault("200", 0L) > REQUESTS / 50, report.toString());
    assertTrue(report.statuses().getOrDefault("400", 0L) > REQUESTS / 50, report.toString());
    assertTrue(report.logLines() > REQUESTS / 20, "the log was listened to: " + report.logLines());
  }
}
