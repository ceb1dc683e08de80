/**
 * The partner: one call to Infopass and the policies around it, one class each. The order in which
 * they are put around the wire is in the composition root.
 */
package infopass.gateway.infopass;
