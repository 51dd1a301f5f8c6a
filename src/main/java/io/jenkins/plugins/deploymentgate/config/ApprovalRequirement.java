package io.jenkins.plugins.deploymentgate.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Util;
import hudson.model.AbstractDescribableImpl;
import java.util.ArrayList;
import java.util.List;
import org.kohsuke.stapler.DataBoundSetter;

/**
 * A named number of approvals by certain people: what a protected environment and each of its rules have in common. Not
 * validated.
 *
 * @param <T> the configured type
 */
public abstract class ApprovalRequirement<T extends ApprovalRequirement<T>> extends AbstractDescribableImpl<T> {

    private final String name;

    @CheckForNull
    private Integer requiredApprovals;

    private List<ApproverConfig> approvers = new ArrayList<>();

    /**
     * @param name the name
     * @param requiredApprovals the number until another is set; null for none
     */
    ApprovalRequirement(@CheckForNull String name, @CheckForNull Integer requiredApprovals) {
        this.name = Util.fixNull(name).strip();
        this.requiredApprovals = requiredApprovals;
    }

    /** @return the name, trimmed */
    public final String getName() {
        return name;
    }

    /** @return how many different people must approve, as configured; null if that was left empty */
    @CheckForNull
    public final Integer getRequiredApprovals() {
        return requiredApprovals;
    }

    /** @param requiredApprovals how many different people must approve; null if that is left empty */
    @DataBoundSetter
    public final void setRequiredApprovals(@CheckForNull Integer requiredApprovals) {
        this.requiredApprovals = requiredApprovals;
    }

    /** @return who may approve; empty for everybody who holds Deployment/Approve on the job */
    public final List<ApproverConfig> getApprovers() {
        return List.copyOf(approvers);
    }

    /** @param approvers who may approve; null and empty for everybody who holds Deployment/Approve on the job */
    @DataBoundSetter
    public final void setApprovers(@CheckForNull List<ApproverConfig> approvers) {
        this.approvers = new ArrayList<>(Util.fixNull(approvers));
    }
}
