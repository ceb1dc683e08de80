/** Strict reading of JSON from bytes, shared by the caller's side and the partner's side. */
package infopass.gateway.json;
