/**
 * Who asks: credentials, what each caller may do and how much of it. Knows neither HTTP nor the
 * event bus.
 */
package infopass.gateway.callers;
