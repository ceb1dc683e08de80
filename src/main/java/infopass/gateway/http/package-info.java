/**
 * The server shell: one listener per event loop, routes that describe themselves, and problem
 * documents for everything that goes wrong. It knows no route's business.
 */
package infopass.gateway.http;
