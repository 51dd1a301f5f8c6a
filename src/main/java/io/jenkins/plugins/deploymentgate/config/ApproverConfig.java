package io.jenkins.plugins.deploymentgate.config;

import hudson.model.AbstractDescribableImpl;
import io.jenkins.plugins.deploymentgate.core.policy.Approver;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** The configuration of an approver of a protected environment. */
public abstract class ApproverConfig extends AbstractDescribableImpl<ApproverConfig> {

    /** @return the approver of the policy, with names made canonical by the security realm in force */
    @Restricted(NoExternalUse.class)
    public abstract Approver toApprover();

    /** @return an error message; empty if {@link #toApprover} can be called */
    abstract Optional<String> problem();

    /** @return the approver as it was configured, for messages */
    abstract String describe();

    /**
     * @param approvers what was configured; nobody means everybody who holds Deployment/Approve
     * @return the approvers of the policy
     */
    static List<Approver> toApprovers(List<ApproverConfig> approvers) {
        return approvers.isEmpty()
                ? List.of(new Approver.PermissionHolders())
                : approvers.stream().map(ApproverConfig::toApprover).toList();
    }

    /**
     * @param required how many approvals they have to give
     * @return what is wrong with it, for people
     */
    static Optional<String> problemOf(List<ApproverConfig> approvers, int required) {
        Set<Approver> seen = new HashSet<>();
        for (ApproverConfig approver : approvers) {
            Optional<String> problem = approver.problem();
            if (problem.isPresent()) {
                return problem;
            } else if (!seen.add(approver.toApprover())) {
                return Optional.of(Messages.ApproverConfig_Twice(approver.describe()));
            }
        }
        boolean onlyUsers = !seen.isEmpty() && seen.stream().allMatch(Approver.User.class::isInstance);
        return onlyUsers && required > seen.size()
                ? Optional.of(Messages.ApproverConfig_TooFewUsers(required, seen.size()))
                : Optional.empty();
    }
}
