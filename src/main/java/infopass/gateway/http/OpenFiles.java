package infopass.gateway.http;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * File descriptors of this process; -1 where the system does not say.
 *
 * @param open how many are open
 * @param limit most that may be open
 */
record OpenFiles(long open, long limit) {
  static OpenFiles now() {
    if (!(ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix)) {
      return new OpenFiles(-1, -1);
    }
    long limit = unix.getMaxFileDescriptorCount();
    try {
      return new OpenFiles(unix.getOpenFileDescriptorCount(), limit);
    } catch (InternalError noneLeft) {
      return new OpenFiles(limit, limit); // Counting them takes one.
    }
  }
}
