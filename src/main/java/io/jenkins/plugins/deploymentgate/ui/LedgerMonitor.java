package io.jenkins.plugins.deploymentgate.ui;

import hudson.Extension;
import hudson.model.AdministrativeMonitor;
import io.jenkins.plugins.deploymentgate.audit.LedgerService;
import java.util.List;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Warns administrators while the audit ledger cannot be written or is damaged. */
@Extension
@Restricted(NoExternalUse.class)
public class LedgerMonitor extends AdministrativeMonitor {

    @Override
    public boolean isActivated() {
        return !getWarnings().isEmpty();
    }

    @Override
    public boolean isSecurity() {
        return true;
    }

    @Override
    public String getDisplayName() {
        return Messages.LedgerMonitor_DisplayName();
    }

    /** @return what is wrong */
    public List<String> getWarnings() {
        return LedgerService.get().warnings();
    }

    /** @return the address of the audit page below Jenkins' root */
    public String getPage() {
        return "manage/" + DeploymentAuditLink.URL;
    }
}
