/**
 * The two doors to an init, HTTP and event bus, and what lies behind both: strict reading, all
 * checks at once, one question to the partner side, one answer.
 */
package infopass.gateway.intake;
