package io.jenkins.plugins.deploymentgate.core.ledger;

/**
 * A place in the chain of the audit ledger.
 *
 * @param seq the number of an entry; 0 before the first
 * @param hash its keyed hash, 64 hexadecimal digits
 */
record AuditHead(long seq, String hash) {

    /** Before the first entry. */
    static final AuditHead NONE = new AuditHead(0, "0".repeat(64));
}
