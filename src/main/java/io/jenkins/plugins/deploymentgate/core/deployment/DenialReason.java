package io.jenkins.plugins.deploymentgate.core.deployment;

/** Why a vote is not taken. Nothing has changed when one of these is answered. */
public enum DenialReason {
    /** Nobody is logged in. */
    ANONYMOUS(Kind.FORBIDDEN),
    /** Code that runs as Jenkins itself is not a person. */
    SYSTEM(Kind.FORBIDDEN),
    /** They asked for this deployment themselves, and the environment wants somebody else. */
    OWN_DEPLOYMENT(Kind.FORBIDDEN),
    /** They wrote some of the changes, and the environment wants other eyes. */
    CHANGE_AUTHOR(Kind.FORBIDDEN),
    /** They may not put the policy aside. */
    MAY_NOT_OVERRIDE(Kind.FORBIDDEN),
    /** They are in no rule's approvers. */
    NOT_AN_APPROVER(Kind.FORBIDDEN),
    /** They named a rule that the environment does not have. */
    NO_SUCH_RULE(Kind.FORBIDDEN),
    /** The environment wants to know why. */
    COMMENT_REQUIRED(Kind.INCOMPLETE),
    /** Nobody puts the policy aside without saying why. */
    REASON_REQUIRED(Kind.INCOMPLETE),
    /** There is no approval of theirs that could be taken back. */
    NOTHING_TO_WITHDRAW(Kind.CONFLICT),
    /** Every rule that they may approve for has its approvals already. */
    RULE_ALREADY_MET(Kind.CONFLICT),
    /** They have cast the opposite vote already. */
    ALREADY_VOTED(Kind.CONFLICT),
    /** Who wrote the changes has to be known first, and is being looked up. */
    AUTHORS_UNKNOWN(Kind.CONFLICT),
    /** The deployment is about to expire. */
    DEADLINE_PASSED(Kind.CONFLICT),
    /** The deployment waits for nobody any more. */
    ALREADY_DECIDED(Kind.CONFLICT),
    /** The build has ended. */
    BUILD_ENDED(Kind.CONFLICT),
    /** What protected the environment is gone; an administrator has to look at it. */
    NO_LONGER_PROTECTED(Kind.CONFLICT),
    /** What protects the environments cannot be read, so nothing may pass. */
    POLICY_UNAVAILABLE(Kind.CONFLICT);

    /** Whose fault it is, so to speak. */
    public enum Kind {
        /** Something is missing in what they sent. */
        INCOMPLETE,
        /** This person may not cast this vote. */
        FORBIDDEN,
        /** The state of the deployment, or an earlier vote, stands against it. */
        CONFLICT
    }

    private final Kind kind;

    DenialReason(Kind kind) {
        this.kind = kind;
    }

    /** @return incomplete, forbidden or conflict */
    public Kind kind() {
        return kind;
    }
}
