package infopass.gateway.bus;

import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryContext;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.impl.EventBusImpl;
import io.vertx.core.eventbus.impl.MessageImpl;
import io.vertx.core.eventbus.impl.OutboundDeliveryContext;

/**
 * Tells the receiver of an init how long its sender waits: what Vert.x knows as the send timeout,
 * and keeps to itself, goes along as the header {@link InitHeaders#TIMEOUT_MILLIS}, less a head
 * start for the answer. Whatever else is sent is let pass. Thread-safe.
 *
 * <p>The one class that knows what lies behind the public API of the event bus. Where that is
 * otherwise than it expects, messages pass as they are.
 */
public final class SendTimeouts {
  /** So that the gateway, which knows what happened, is the one to say that time is up. */
  private static final long HEAD_START_MILLIS = 100;

  private static final int HEAD_START_SHARE = 10;

  private final EventBusImpl bus;
  private final boolean clustered;

  private SendTimeouts(EventBusImpl bus, boolean clustered) {
    this.bus = bus;
    this.clustered = clustered;
  }

  /** From now on, for the senders of this instance of Vert.x. */
  public static void announce(Vertx vertx) {
    EventBus bus = vertx.eventBus();
    if (bus instanceof EventBusImpl known) {
      bus.addOutboundInterceptor(new SendTimeouts(known, vertx.isClustered())::pass);
    }
  }

  private void pass(DeliveryContext<Object> delivery) {
    Message<Object> message = delivery.message();
    if (Addresses.INIT.equals(message.address())
        && message.replyAddress() != null
        && delivery instanceof OutboundDeliveryContext<Object> outbound
        && !message.headers().contains(InitHeaders.TIMEOUT_MILLIS)) {
      announce(outbound, message.headers());
    } else {
      delivery.next();
    }
  }

  private void announce(OutboundDeliveryContext<Object> outbound, MultiMap headers) {
    DeliveryOptions options = outbound.options;
    String patience = Long.toString(patienceMillis(options.getSendTimeout()));
    if (options.getHeaders() == null) {
      headers.set(InitHeaders.TIMEOUT_MILLIS, patience);
      outbound.next();
      return;
    }
    // These are the sender's own, who may use them again or share them between threads: a message
    // like this one, with headers of its own, is sent in its place. It passes here once more.
    MultiMap copy = MultiMap.caseInsensitiveMultiMap().addAll(headers);
    copy.set(InitHeaders.TIMEOUT_MILLIS, patience);
    boolean local = !clustered || options.isLocalOnly();
    MessageImpl<?, ?> message =
        bus.createMessage(
            true, local, Addresses.INIT, copy, outbound.body(), options.getCodecName());
    message.setReplyAddress(outbound.message().replyAddress());
    bus.sendOrPubInternal(message, options, outbound.replyHandler);
  }

  /** A tenth earlier than the sender gives up, but never more than needed. */
  static long patienceMillis(long sendTimeoutMillis) {
    return sendTimeoutMillis - Math.min(sendTimeoutMillis / HEAD_START_SHARE, HEAD_START_MILLIS);
  }
}
