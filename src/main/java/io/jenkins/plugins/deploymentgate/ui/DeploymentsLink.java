package io.jenkins.plugins.deploymentgate.ui;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.model.AbstractItem;
import hudson.model.RootAction;
import io.jenkins.plugins.deploymentgate.approval.PendingApprovals;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentScope;
import jenkins.management.Badge;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** The deployments of all jobs, and the link to them at the top of every page, which says how many wait for the reader. */
@Extension
@Restricted(NoExternalUse.class)
public class DeploymentsLink extends DeploymentsPage implements RootAction {

    /** Called once, by Jenkins. */
    public DeploymentsLink() {
        super(DeploymentScope.EVERYWHERE);
    }

    @CheckForNull
    @Override
    public AbstractItem getItem() {
        return null;
    }

    @Override
    public boolean isPrimaryAction() {
        return true;
    }

    @CheckForNull
    @Override
    public Badge getBadge() {
        int count = PendingApprovals.get().count();
        return count == 0
                ? null
                : new Badge(String.valueOf(count), Messages.DeploymentsLink_Waiting(count), Badge.Severity.WARNING);
    }
}
