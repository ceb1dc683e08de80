/** The metrics registry, and what is measured while it happens. The only user of Micrometer. */
package infopass.gateway.metrics;
