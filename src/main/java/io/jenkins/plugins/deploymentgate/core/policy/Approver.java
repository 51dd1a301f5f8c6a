package io.jenkins.plugins.deploymentgate.core.policy;

/** Somebody, or some set of people, whose approval an approval rule accepts. */
public sealed interface Approver {

    /**
     * @param voter a person
     * @return whether this stands for them
     */
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
     * Everybody in a group of the security realm.
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
     * @param level what they may do
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
