package io.jenkins.plugins.deploymentgate.search;

import edu.umd.cs.findbugs.annotations.NonNull;
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
import io.jenkins.plugins.deploymentgate.core.index.DeploymentRecord;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentScope;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentSummary;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentTable;
import io.jenkins.plugins.deploymentgate.core.record.DeploymentStore;
import io.jenkins.plugins.deploymentgate.gate.BuildDeployments;
import io.jenkins.plugins.deploymentgate.gate.DeploymentListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Tells the read model what happens to deployments, builds and jobs. Never waits for a disk or a database. */
@Restricted(NoExternalUse.class)
public final class ReadModelUpdater {

    private ReadModelUpdater() {}

    /**
     * Stores a deployment under the name that its job has now. A job has its new name before the event of the move, so
     * whatever is stored under the old name is moved by that event. Events of a build can arrive after its job was deleted.
     */
    static void put(
            DeploymentTable table, Job<?, ?> job, int number, DeploymentRecord.Build build, Deployment deployment)
            throws SQLException {
        String name = job.getFullName();
        try (ACLContext ignored = ACL.as2(ACL.SYSTEM2)) {
            if (Jenkins.get().getItemByFullName(name) != null) {
                table.put(
                        DeploymentSummary.of(deployment, name, number),
                        new DeploymentRecord(DeploymentStore.toJson(deployment), build));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What happens to deployments. */
    @Extension
    public static final class OfDeployments implements DeploymentListener {

        @Override
        public void onChanged(@NonNull Run<?, ?> build, @NonNull Deployment deployment) {
            Job<?, ?> job = build.getParent();
            int number = build.getNumber();
            DeploymentRecord.Build summary = DeploymentDetails.summaryOf(build);
            ReadModelAccess.get().change(table -> put(table, job, number, summary, deployment));
        }
    }

    /** What happens to builds. */
    @Extension
    public static final class OfBuilds extends RunListener<Run<?, ?>> {

        @Override
        public void onFinalized(@NonNull Run<?, ?> build) {
            if (BuildDeployments.of(build) != null) {
                String job = build.getParent().getFullName();
                int number = build.getNumber();
                DeploymentRecord.Build ended = DeploymentDetails.summaryOf(build);
                ReadModelAccess.get().change(table -> table.finishBuild(job, number, ended));
            }
        }

        @Override
        public void onDeleted(@NonNull Run<?, ?> build) {
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
            ReadModelReconciliation.get().start();
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
