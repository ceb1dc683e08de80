/**
 * How long each stage of a request took, told to OpenTelemetry where an operator asks for it. What
 * records loads the OpenTelemetry SDK; what is off does not.
 */
package infopass.gateway.tracing;
