package io.jenkins.plugins.deploymentgate.gate;

import hudson.model.Job;
import hudson.model.Run;
import io.jenkins.plugins.deploymentgate.core.deployment.Deployment;
import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import io.jenkins.plugins.deploymentgate.core.policy.DeploymentReference;
import io.jenkins.plugins.deploymentgate.records.DeploymentRecords;
import java.io.File;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The newest of the builds after one build that were deployed with success. Searched for once, in the records of those builds;
 * what succeeds after that is offered. Any thread may call.
 */
final class NewerDeployments {

    private final Run<?, ?> build;
    private final AtomicReference<DeploymentReference> newest = new AtomicReference<>();
    private volatile boolean searched;

    NewerDeployments(Run<?, ?> build) {
        this.build = build;
    }

    /**
     * @param environment the environment of the deployment
     * @return the newest; empty if no newer build was deployed
     * @throws IOException if a record cannot be read; the next call tries again
     */
    Optional<DeploymentReference> find(String environment) throws IOException {
        if (!searched) {
            search(environment);
            searched = true;
        }
        return Optional.ofNullable(newest.get());
    }

    /** Called when a newer build of the job was deployed to the same environment. */
    void offer(DeploymentReference deployed) {
        newest.accumulateAndGet(deployed, (known, one) -> known == null || one.build() > known.build() ? one : known);
    }

    private void search(String environment) throws IOException {
        Job<?, ?> job = build.getParent();
        for (int number = job.getNextBuildNumber() - 1; number > build.getNumber(); number--) {
            for (long id : DeploymentRecords.get().ids(directory(number))) {
                if (isSuccess(number, id, environment)) {
                    offer(new DeploymentReference(job.getFullName(), number, id));
                    return;
                }
            }
        }
    }

    private boolean isSuccess(int number, long id, String environment) throws IOException {
        Optional<Deployment> record = DeploymentRecords.get()
                .read(directory(number), id)
                .filter(one -> one.environment().equals(environment));
        if (record.filter(one -> one.status() == Status.RUNNING).isPresent()
                && LiveDeployments.get().find(id).isEmpty()) {
            // Its build has ended, and a crash has kept that from the record.
            Run<?, ?> newer = build.getParent().getBuildByNumber(number);
            record = newer == null
                    ? record
                    : Optional.of(DeploymentLifecycle.get().read(newer, id));
        }
        return record.filter(one -> one.status() == Status.SUCCESS).isPresent();
    }

    private File directory(int number) {
        return new File(build.getParent().getBuildDir(), String.valueOf(number));
    }
}
