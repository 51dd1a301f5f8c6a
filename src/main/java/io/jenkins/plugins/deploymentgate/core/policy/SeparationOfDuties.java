package io.jenkins.plugins.deploymentgate.core.policy;

/**
 * Whether people who had a part in a deployment may vote on it, if a rule admits them.
 *
 * @param selfApprovalAllowed whether those who caused the build may vote
 * @param authorApprovalAllowed whether the authors of the changes may vote
 */
public record SeparationOfDuties(boolean selfApprovalAllowed, boolean authorApprovalAllowed) {

    /** The default: nobody approves what they caused, authors may approve. */
    public static final SeparationOfDuties USUAL = new SeparationOfDuties(false, true);

    /**
     * @param request what was asked for
     * @param person canonical id
     * @return whether their approval does not count; true for everybody while the authors have to be known and are not
     */
    public boolean excludes(DeploymentRequest request, String person) {
        return isOwn(request, person) || isAuthor(request, person) || !isSettled(request);
    }

    /** @return whether they caused the build, and the environment forbids self-approval */
    public boolean isOwn(DeploymentRequest request, String person) {
        return !selfApprovalAllowed && request.requesters().contains(person);
    }

    /** @return whether they wrote some of the changes, and the environment forbids the approval of authors */
    public boolean isAuthor(DeploymentRequest request, String person) {
        return !authorApprovalAllowed
                && request.authors()
                        .filter(authors -> authors.people().contains(person))
                        .isPresent();
    }

    /**
     * @param request what was asked for
     * @return whether the authors are known, if they have to be
     */
    public boolean isSettled(DeploymentRequest request) {
        return authorApprovalAllowed || request.authors().isPresent();
    }

    /**
     * @param other applies too
     * @return the stricter union: something is allowed if both allow it
     */
    SeparationOfDuties and(SeparationOfDuties other) {
        return new SeparationOfDuties(
                selfApprovalAllowed && other.selfApprovalAllowed, authorApprovalAllowed && other.authorApprovalAllowed);
    }
}
