package io.jenkins.plugins.deploymentgate.core.policy;

/**
 * Who may not approve a deployment, although a rule names them, because they had a part in it.
 *
 * @param selfApprovalAllowed whether those who asked for a deployment may vote on it
 * @param authorApprovalAllowed whether the authors of the changes that it brings may vote on it
 */
public record SeparationOfDuties(boolean selfApprovalAllowed, boolean authorApprovalAllowed) {

    /** What holds unless something else is configured: nobody approves what they asked for. */
    public static final SeparationOfDuties USUAL = new SeparationOfDuties(false, true);

    /**
     * @param request what was asked for
     * @param person canonical id
     * @return whether no approval of theirs counts; everybody's, while the authors have to be known and are not
     */
    public boolean excludes(DeploymentRequest request, String person) {
        return isOwn(request, person) || isAuthor(request, person) || !isSettled(request);
    }

    /** @return whether they asked for it, where that matters */
    public boolean isOwn(DeploymentRequest request, String person) {
        return !selfApprovalAllowed && request.requesters().contains(person);
    }

    /** @return whether they wrote some of the changes, where that matters */
    public boolean isAuthor(DeploymentRequest request, String person) {
        return !authorApprovalAllowed
                && request.authors()
                        .filter(authors -> authors.people().contains(person))
                        .isPresent();
    }

    /**
     * @param request what was asked for
     * @return whether everything is known that this asks for
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
