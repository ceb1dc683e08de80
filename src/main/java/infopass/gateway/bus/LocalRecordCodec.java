package infopass.gateway.bus;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageCodec;

/**
 * Passes an immutable record within this process by identity. Refuses to write it to a wire,
 * loudly: what is local stays local also where the bus is clustered.
 */
final class LocalRecordCodec<R> implements MessageCodec<R, R> {
  private final Class<R> type;

  private LocalRecordCodec(Class<R> type) {
    this.type = type;
  }

  /** Makes it the codec for this exact class; registering twice is harmless. */
  static <R> void register(EventBus bus, Class<R> type) {
    try {
      bus.registerDefaultCodec(type, new LocalRecordCodec<>(type));
    } catch (IllegalStateException alreadyRegistered) {
      // One bus serves many verticles, and each asks for what it needs.
    }
  }

  @Override
  public R transform(R message) {
    return message;
  }

  @Override
  public void encodeToWire(Buffer buffer, R message) {
    throw new UnsupportedOperationException(name() + " does not leave this process");
  }

  @Override
  public R decodeFromWire(int position, Buffer buffer) {
    throw new UnsupportedOperationException(name() + " does not leave this process");
  }

  @Override
  public String name() {
    return "local:" + type.getName();
  }

  @Override
  public byte systemCodecID() {
    return -1;
  }
}
