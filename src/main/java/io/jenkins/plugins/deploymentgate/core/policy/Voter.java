package io.jenkins.plugins.deploymentgate.core.policy;

import java.util.Set;

/**
 * A person when they vote, with what the security realm and the authorization strategy say of them. It is stored with the vote,
 * because most realms cannot be asked for the groups of somebody else later.
 *
 * @param id canonical user id, never blank; never the anonymous or the system user
 * @param groups canonical names of the groups they are in
 * @param mayApprove whether they hold Deployment/Approve on the job
 * @param levels their access levels on the job
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
