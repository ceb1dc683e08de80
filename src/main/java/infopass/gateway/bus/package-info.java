/**
 * How the words of the problem cross the event bus, and the only place where its addresses are
 * spelled.
 */
package infopass.gateway.bus;
