package io.jenkins.plugins.deploymentgate.search;

import hudson.Extension;
import hudson.model.Item;
import hudson.model.ItemGroup;
import hudson.model.Job;
import hudson.model.Run;
import hudson.model.listeners.ItemListener;
import hudson.model.listeners.RunListener;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.deploymentgate.core.deployment.Deployment;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentScope;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentSummary;
import io.jenkins.plugins.deploymentgate.gate.DeploymentListener;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Tells the read model what happens to deployments, builds and jobs. Never waits for a disk or a database. */
@Restricted(NoExternalUse.class)
public final class ReadModelUpdater {

    private ReadModelUpdater() {}

    /** What happens to deployments. */
    @Extension
    public static final class OfDeployments implements DeploymentListener {

        /** A job has its new name before the event of the move. If the name changes in between, that event may be over. */
        @Override
        public void onChanged(Run<?, ?> build, Deployment deployment) {
            String name;
            do {
                name = build.getParent().getFullName();
                put(name, build, deployment);
            } while (!name.equals(build.getParent().getFullName()));
        }

        private static void put(String job, Run<?, ?> build, Deployment deployment) {
            if (exists(job)) {
                DeploymentSummary summary = DeploymentSummary.of(deployment, job, build.getNumber());
                ReadModelAccess.get().change(table -> table.put(summary, null));
            }
        }

        /** Events of a build can arrive after its job was deleted. */
        private static boolean exists(String job) {
            try (ACLContext ignored = ACL.as2(ACL.SYSTEM2)) {
                return Jenkins.get().getItemByFullName(job) != null;
            }
        }
    }

    /** What happens to builds. */
    @Extension
    public static final class OfBuilds extends RunListener<Run<?, ?>> {

        @Override
        public void onDeleted(Run<?, ?> build) {
            String job = build.getParent().getFullName();
            int number = build.getNumber();
            ReadModelAccess.get().change(table -> table.removeBuild(job, number));
        }
    }

    /** What happens to jobs. */
    @Extension
    public static final class OfJobs extends ItemListener {

        @Override
        public void onLoaded() {
            ReadModelReconciliation.get().jobsLoaded();
        }

        @Override
        public void onDeleted(Item item) {
            String name = item.getFullName();
            if (item instanceof Job) {
                ReadModelAccess.get().change(table -> table.removeJobs(DeploymentScope.job(name)));
            }
            if (item instanceof ItemGroup) {
                ReadModelAccess.get().change(table -> table.removeJobs(DeploymentScope.below(name)));
            }
        }

        /** Called for each job below a folder that is moved, too. */
        @Override
        public void onLocationChanged(Item item, String oldFullName, String newFullName) {
            if (item instanceof Job) {
                ReadModelAccess.get().change(table -> table.renameJob(oldFullName, newFullName));
            }
        }
    }
}
