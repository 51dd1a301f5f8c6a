package io.jenkins.plugins.deploymentgate.audit;

import io.jenkins.plugins.deploymentgate.records.UnavailableException;
import java.io.IOException;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * An action is on disk, but not in the audit ledger, so it is not in force yet. Repeating it is harmless, and succeeds once the
 * ledger can be written.
 */
@Restricted(NoExternalUse.class)
public class LedgerUnavailableException extends UnavailableException {

    private static final long serialVersionUID = 1L;

    LedgerUnavailableException(IOException cause) {
        super(Messages.LedgerUnavailableException_Message(), cause);
    }
}
