package io.jenkins.plugins.deploymentgate.core.policy;

import java.util.Set;

/**
 * A person at the instant of a vote: who it is, and what the security realm and the authorization strategy said of
 * them then. It is kept with the vote, because a realm can seldom be asked for somebody else's groups later.
 *
 * @param id canonical user id, never blank; never the anonymous or the system user
 * @param groups canonical names of the groups they are in
 * @param mayApprove whether they hold Deployment/Approve on the job
 * @param levels what else they may do with the job
 */
public record Voter(String id, Set<String> groups, boolean mayApprove, Set<AccessLevel> levels) {

    /** @throws IllegalArgumentException if the id is blank */
    public Voter {
        if (id == null || id.isBlank()) {
            throw new IllegalArgumentException("a voter needs an id");
        }
        groups = Set.copyOf(groups);
        levels = Set.copyOf(levels);
    }
}
