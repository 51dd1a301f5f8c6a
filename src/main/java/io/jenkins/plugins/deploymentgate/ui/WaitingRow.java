package io.jenkins.plugins.deploymentgate.ui;

import hudson.model.Job;
import hudson.model.Run;
import io.jenkins.plugins.deploymentgate.approval.DeploymentView;
import io.jenkins.plugins.deploymentgate.approval.PendingApprovals;
import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import io.jenkins.plugins.deploymentgate.gate.BuildDeployments;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** A deployment that waits for the reader, in a list on a page. */
@Restricted(NoExternalUse.class)
public class WaitingRow {

    private final Run<?, ?> build;
    private final DeploymentView view;

    WaitingRow(PendingApprovals.Waiting waiting) {
        this.build = waiting.build();
        this.view = waiting.view();
    }

    /** @return its id */
    public long getId() {
        return view.deployment().id();
    }

    /** @return its words, numbers and times */
    public DeploymentCard getCard() {
        return new DeploymentCard(view);
    }

    /** @return the job */
    public Job<?, ?> getJob() {
        return build.getParent();
    }

    /** @return the build */
    public Run<?, ?> getBuild() {
        return build;
    }

    /** @return the address of the deployment below the server */
    public String getUrl() {
        return build.getUrl() + BuildDeployments.URL_NAME + "/#deployment-" + getId();
    }

    /** @return whether approving needs a comment */
    public boolean isCommentNeeded() {
        return view.policy().commentRequired().contains(VoteDecision.APPROVED);
    }
}
