package io.jenkins.plugins.deploymentgate.ui;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.deploymentgate.approval.DeploymentLink;
import io.jenkins.plugins.deploymentgate.approval.DeploymentView;
import io.jenkins.plugins.deploymentgate.core.deployment.Approval;
import io.jenkins.plugins.deploymentgate.core.deployment.Deployment;
import io.jenkins.plugins.deploymentgate.core.deployment.EndReason;
import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import io.jenkins.plugins.deploymentgate.gate.People;
import java.util.List;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** A deployment in Jenkins' own remote API of its build. The words are those of the REST API; times are in UTC. */
@ExportedBean(defaultVisibility = 2)
@Restricted(NoExternalUse.class)
public class ExportedDeployment {

    private final DeploymentView view;

    ExportedDeployment(DeploymentView view) {
        this.view = view;
    }

    private Deployment deployment() {
        return view.deployment();
    }

    /** @return its id */
    @Exported
    public long getId() {
        return deployment().id();
    }

    /** @return its number within the job */
    @Exported
    public int getIid() {
        return deployment().iid();
    }

    /** @return the name of the environment */
    @Exported
    public String getEnvironment() {
        return deployment().environment();
    }

    /** @return the names of the stages, parallel branches and matrix cells around its step; empty if it is in none */
    @Exported
    public String getPlace() {
        return deployment().request().place().path();
    }

    /** @return its status */
    @Exported
    public String getStatus() {
        return deployment().status().word();
    }

    /** @return why it failed; null unless it did, and the result of its build does not say it */
    @CheckForNull
    @Exported
    public String getFailureReason() {
        return deployment().status() == Status.FAILED ? getReason() : null;
    }

    /** @return why it failed or was canceled; null if it did not, or the result of its build says it */
    @CheckForNull
    @Exported
    public String getReason() {
        EndReason reason = deployment().endReason();
        return reason == null ? null : reason.word();
    }

    /** @return how many approvals are missing; 0 unless it is blocked */
    @Exported
    public int getPendingApprovalCount() {
        return view.outstanding();
    }

    /** @return the id of the deployment that it waits for; null if there is none that the reader may know of */
    @CheckForNull
    @Exported
    public Long getWaitingFor() {
        return view.related().behind().map(DeploymentLink::id).orElse(null);
    }

    /** @return the id of the deployment because of which it was canceled; null if there is none the reader may know of */
    @CheckForNull
    @Exported
    public Long getCanceledBy() {
        return view.related().canceledBy().map(DeploymentLink::id).orElse(null);
    }

    /** @return what is deployed; empty if the pipeline has not told */
    @Exported
    public String getVersion() {
        return deployment().request().description().version();
    }

    /** @return the ids of the people who are known to have requested it, the nearest first */
    @Exported
    public List<String> getRequesters() {
        return People.ids(deployment().requesters());
    }

    /** @return whether these are certain to be all */
    @Exported
    public boolean isRequestersComplete() {
        return deployment().request().origin().isComplete();
    }

    /** @return when the gate was reached */
    @Exported
    public String getCreatedAt() {
        return deployment().createdAt().toString();
    }

    /** @return the votes that stand */
    @Exported
    public List<Vote> getApprovals() {
        return deployment().approvals().stream().map(Vote::new).toList();
    }

    /** A vote that stands. */
    @ExportedBean(defaultVisibility = 2)
    public static class Vote {

        private final Approval approval;

        Vote(Approval approval) {
            this.approval = approval;
        }

        /** @return the id of the person */
        @Exported
        public String getUser() {
            return People.id(approval.voter().id());
        }

        /** @return approved or rejected */
        @Exported
        public String getStatus() {
            return approval.decision().word();
        }

        /** @return their words */
        @Exported
        public String getComment() {
            return approval.comment();
        }

        /** @return when */
        @Exported
        public String getCreatedAt() {
            return approval.at().toString();
        }
    }
}
