/**
 * The words of the problem: what is asked of Infopass, what comes back, and how it can fail.
 *
 * <p>Plain values that import nothing but {@code java.*}, so that every door (HTTP, event bus) and
 * every policy speaks the same language.
 */
package infopass.gateway.digilocker;
