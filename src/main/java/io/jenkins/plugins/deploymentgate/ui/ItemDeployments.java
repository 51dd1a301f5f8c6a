package io.jenkins.plugins.deploymentgate.ui;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.AbstractItem;
import hudson.model.AbstractProject;
import hudson.model.ItemGroup;
import hudson.model.Job;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentScope;
import java.util.Collection;
import java.util.List;
import jenkins.model.TransientActionFactory;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** The deployments of a job, or of the jobs in a folder, and the link to them in the side panel. */
@Restricted(NoExternalUse.class)
public class ItemDeployments extends DeploymentsPage {

    private final AbstractItem item;

    ItemDeployments(AbstractItem item) {
        super(
                item instanceof Job
                        ? DeploymentScope.job(item.getFullName())
                        : DeploymentScope.below(item.getFullName()));
        this.item = item;
    }

    @Override
    public AbstractItem getItem() {
        return item;
    }

    /** Gives the page to everything in which pipelines can run. */
    @Extension
    public static class Factory extends TransientActionFactory<AbstractItem> {

        @Override
        public Class<AbstractItem> type() {
            return AbstractItem.class;
        }

        @Override
        public Class<ItemDeployments> actionType() {
            return ItemDeployments.class;
        }

        @NonNull
        @Override
        public Collection<ItemDeployments> createFor(@NonNull AbstractItem item) {
            // Builds of classic projects have no pipeline, and so never reach a gate.
            boolean mayHavePipelines =
                    (item instanceof Job || item instanceof ItemGroup) && !(item instanceof AbstractProject);
            return mayHavePipelines ? List.of(new ItemDeployments(item)) : List.of();
        }
    }
}
