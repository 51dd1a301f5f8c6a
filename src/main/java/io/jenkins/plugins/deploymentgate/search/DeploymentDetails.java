package io.jenkins.plugins.deploymentgate.search;

import hudson.model.Job;
import hudson.model.Run;
import io.jenkins.plugins.deploymentgate.approval.DeploymentStanding;
import io.jenkins.plugins.deploymentgate.approval.DeploymentView;
import io.jenkins.plugins.deploymentgate.core.deployment.Deployment;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentRecord;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;
import jenkins.scm.api.SCMRevisionAction;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * All that clients of the API and of the command line are told of a deployment.
 *
 * @param job its job
 * @param number the number of its build
 * @param build its build
 * @param deployment its state
 * @param standing how it stands now
 */
@Restricted(NoExternalUse.class)
public record DeploymentDetails(
        Job<?, ?> job, int number, DeploymentRecord.Build build, Deployment deployment, DeploymentStanding standing) {

    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}([0-9a-f]{24})?");

    /** @return the details of a deployment that the caller has looked at */
    public static DeploymentDetails of(Run<?, ?> build, DeploymentView view) {
        return new DeploymentDetails(
                build.getParent(), build.getNumber(), summaryOf(build), view.deployment(), view.standing());
    }

    /** The commit is known for builds of multibranch projects, and not for those of merged pull requests. */
    static DeploymentRecord.Build summaryOf(Run<?, ?> build) {
        Instant started = Instant.ofEpochMilli(build.getStartTimeInMillis());
        Optional<Run<?, ?>> ended = Optional.<Run<?, ?>>of(build).filter(one -> !one.isBuilding());
        return new DeploymentRecord.Build(
                Optional.ofNullable(build.getAction(SCMRevisionAction.class))
                        .map(action -> action.getRevision().toString())
                        .filter(revision -> COMMIT.matcher(revision).matches()),
                Instant.ofEpochMilli(build.getTimeInMillis()),
                started,
                ended.map(one -> started.plusMillis(one.getDuration())),
                ended.map(Run::getResult).map(String::valueOf));
    }
}
