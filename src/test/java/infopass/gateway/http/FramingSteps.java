package infopass.gateway.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The reader before the codec, over one request's head and body. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 3, time = 2)
public class FramingSteps {
  private final ByteBuf request =
      Unpooled.directBuffer()
          .writeBytes(
              ("POST /api/v1/in/digilocker/init HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                      + "Authorization: Basic dXNlcjpwYXNz\r\nContent-Type: application/json\r\n"
                      + "Content-Length: 133\r\n\r\n"
                      + "x".repeat(133))
                  .getBytes(StandardCharsets.US_ASCII));
  private final RequestFraming framing = new RequestFraming(4_096, 8_192);

  @Benchmark
  public boolean framing() {
    request.readerIndex(0);
    framing.next();
    request.skipBytes(framing.take(request));
    request.skipBytes(framing.take(request));
    return framing.finished();
  }
}
