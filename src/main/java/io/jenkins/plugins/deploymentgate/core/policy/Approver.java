package io.jenkins.plugins.deploymentgate.core.policy;

/** A person or a set of people whose approvals a rule accepts. */
public sealed interface Approver {

    /** @return whether they are, or belong to, this approver */
    boolean admits(Voter voter);

    /**
     * One user.
     *
     * @param id canonical user id
     */
    record User(String id) implements Approver {
        @Override
        public boolean admits(Voter voter) {
            return voter.id().equals(id);
        }
    }

    /**
     * The members of a group of the security realm.
     *
     * @param name canonical group name
     */
    record Group(String name) implements Approver {
        @Override
        public boolean admits(Voter voter) {
            return voter.groups().contains(name);
        }
    }

    /**
     * Everybody with an access level on the job.
     *
     * @param level the level
     */
    record Level(AccessLevel level) implements Approver {
        @Override
        public boolean admits(Voter voter) {
            return voter.levels().contains(level);
        }
    }

    /** Everybody who holds Deployment/Approve on the job. */
    record PermissionHolders() implements Approver {
        @Override
        public boolean admits(Voter voter) {
            return voter.mayApprove();
        }
    }
}
