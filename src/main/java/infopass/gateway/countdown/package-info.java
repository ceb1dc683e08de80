/** The countdown to a link's end: signed links and what is served at them. */
package infopass.gateway.countdown;
