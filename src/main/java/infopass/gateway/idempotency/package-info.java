/** Makes the repetitions of one request, named by its Idempotency-Key, one call. */
package infopass.gateway.idempotency;
