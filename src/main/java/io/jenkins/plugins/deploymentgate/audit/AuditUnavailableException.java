package io.jenkins.plugins.deploymentgate.audit;

import java.io.IOException;

/**
 * Something was done and is on disk, but the audit ledger cannot be told of it, so it is not acknowledged. Asking for the
 * same again does no harm, and succeeds when the ledger can be written again. The message is for people.
 */
public class AuditUnavailableException extends IOException {

    private static final long serialVersionUID = 1L;

    AuditUnavailableException(IOException cause) {
        super(Messages.AuditUnavailableException_Message(), cause);
    }
}
