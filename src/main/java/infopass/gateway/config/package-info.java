/**
 * Turns YAML and the environment into typed values, and collects every fault with its line.
 *
 * <p>A reader asks a {@link infopass.gateway.config.ConfigNode} for its keys, hands them to a
 * record that checks itself with {@link infopass.gateway.config.Rules}, and ends with {@code
 * finish()}. Nothing stops at the first fault: {@link infopass.gateway.config.Faults} keeps them
 * all, and throws once.
 */
package infopass.gateway.config;
