/** The privacy record: who asked about whom, when and to what end, without saying who it is. */
package infopass.gateway.audit;
