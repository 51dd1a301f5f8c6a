package io.jenkins.plugins.deploymentgate.ui;

import hudson.model.Job;
import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentSummary;
import io.jenkins.plugins.deploymentgate.gate.BuildDeployments;
import io.jenkins.plugins.deploymentgate.gate.ConsoleText;
import io.jenkins.plugins.deploymentgate.gate.People;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** A deployment in a list on a page. Made for one request, by somebody who may read the job; loads no build. */
@Restricted(NoExternalUse.class)
public class DeploymentRow {

    private final DeploymentSummary summary;
    private final String jobUrl;
    private final String jobName;

    DeploymentRow(DeploymentSummary summary) {
        this.summary = summary;
        Job<?, ?> job = Jenkins.get().getItemByFullName(summary.job(), Job.class);
        this.jobUrl = job == null ? "" : job.getUrl();
        this.jobName = job == null ? summary.job() : job.getFullDisplayName();
    }

    /** @return what is listed */
    public DeploymentSummary getSummary() {
        return summary;
    }

    /** @return its environment, and the blocks of the pipeline around its step */
    public String getTitle() {
        return ConsoleText.target(summary.environment(), summary.place());
    }

    /** @return the address of the job below the server, with a slash at the end; empty if it has just gone */
    public String getJobUrl() {
        return jobUrl;
    }

    /** @return how people call the job */
    public String getJobName() {
        return jobName;
    }

    /** @return the address of the deployment below the server */
    public String getUrl() {
        return jobUrl + summary.build() + "/" + BuildDeployments.URL_NAME + "/#deployment-" + summary.id();
    }

    /** @return its status in the reader's language */
    public String getStatusText() {
        return isApproved() ? Messages.Status_Approved() : StatusWords.text(summary.status(), summary.failureReason());
    }

    /** @return the symbol that stands beside the status */
    public String getStatusSymbol() {
        return StatusWords.symbol(summary.status());
    }

    /** Whether it waits for a time or its turn, and for no approvals. */
    private boolean isApproved() {
        return summary.status() == Status.BLOCKED && summary.outstanding() == 0;
    }

    /** @return how many approvals are missing, in words; empty if it waits for none */
    public String getOutstanding() {
        return summary.status() == Status.BLOCKED && !isApproved()
                ? Messages.DeploymentRow_Outstanding(summary.outstanding())
                : "";
    }

    /** @return full names of the people who asked for it; empty for timers and SCM changes */
    public String getRequesters() {
        return People.fullNames(summary.requesters());
    }

    /** @return full names of the people whose votes stand */
    public String getVoters() {
        return People.fullNames(summary.voters());
    }
}
