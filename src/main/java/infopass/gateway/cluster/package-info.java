/**
 * Several processes as one gateway: who is there, inits handed to another node, and what
 * duplicates, quotas and session events need to hold across nodes. The only user of Infinispan and
 * JGroups, none of which is loaded unless it is enabled.
 */
package infopass.gateway.cluster;
