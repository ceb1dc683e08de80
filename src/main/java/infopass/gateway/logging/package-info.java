/** Bounds what is logged. */
package infopass.gateway.logging;
