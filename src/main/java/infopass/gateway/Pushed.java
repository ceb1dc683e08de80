package infopass.gateway;

import infopass.gateway.http.AnswerListener;
import infopass.gateway.infopass.AttemptListener;
import infopass.gateway.intake.InitListener;
import java.util.function.LongConsumer;

/**
 * Who is told of what cannot be read afterwards: durations and callers.
 *
 * @param answers what the public port answers
 * @param messages what is answered to inits that came by the event bus
 * @param attempts attempts at the partner
 * @param poolWaits how long calls wait for a place in the pool, in nanoseconds
 * @param inits how requests of callers end
 */
record Pushed(
    AnswerListener answers,
    AnswerListener messages,
    AttemptListener attempts,
    LongConsumer poolWaits,
    InitListener inits) {}
