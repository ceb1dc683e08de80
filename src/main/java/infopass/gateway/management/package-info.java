/** What operators and orchestrators ask of this process, on a port of its own. */
package infopass.gateway.management;
