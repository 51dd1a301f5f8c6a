package io.jenkins.plugins.deploymentgate.core.deployment;

/** Why a vote, a withdrawal or an override is refused. Nothing has changed then. */
public enum DenialReason {
    /** Nobody is logged in. */
    ANONYMOUS(Kind.FORBIDDEN),
    /** Code that runs as Jenkins itself is not a person. */
    SYSTEM(Kind.FORBIDDEN),
    /** They caused this deployment, and the environment forbids self-approval. */
    OWN_DEPLOYMENT(Kind.FORBIDDEN),
    /** They wrote some of the changes, and the environment forbids the approval of authors. */
    CHANGE_AUTHOR(Kind.FORBIDDEN),
    /** They lack the permission to override the policy. */
    MAY_NOT_OVERRIDE(Kind.FORBIDDEN),
    /** They are not an approver of any rule, or of the rule that they chose. */
    NOT_AN_APPROVER(Kind.FORBIDDEN),
    /** They chose a rule that the environment does not have. */
    NO_SUCH_RULE(Kind.FORBIDDEN),
    /** The environment requires a comment. */
    COMMENT_REQUIRED(Kind.INCOMPLETE),
    /** An override requires a reason. */
    REASON_REQUIRED(Kind.INCOMPLETE),
    /** They have withdrawn their approval as often as is allowed, and cannot approve again; they can still reject. */
    TOO_MANY_WITHDRAWALS(Kind.CONFLICT),
    /** They have no approval that could be withdrawn. */
    NOTHING_TO_WITHDRAW(Kind.CONFLICT),
    /** Their approval would fill no seat, however the approvals are assigned to the rules. */
    RULE_ALREADY_MET(Kind.CONFLICT),
    /** They have cast the opposite vote already. */
    ALREADY_VOTED(Kind.CONFLICT),
    /** The authors of the changes have to be known before an approval, and are being looked up. */
    AUTHORS_UNKNOWN(Kind.CONFLICT),
    /** The deployment is about to expire. */
    DEADLINE_PASSED(Kind.CONFLICT),
    /** The deployment is not blocked any more. */
    ALREADY_DECIDED(Kind.CONFLICT),
    /** The build has ended. */
    BUILD_ENDED(Kind.CONFLICT),
    /** Nothing protects the environment any more; an administrator has to protect it again. */
    NO_LONGER_PROTECTED(Kind.CONFLICT),
    /** The configuration that protects the environments cannot be read, so nothing may pass. */
    POLICY_UNAVAILABLE(Kind.CONFLICT);

    /** Who can resolve the refusal. */
    public enum Kind {
        /** The voter, by sending what is missing. */
        INCOMPLETE,
        /** An administrator, by a permission or another policy: this person must not do this here. */
        FORBIDDEN,
        /** Nobody, or time and others: the state of the deployment or an earlier vote stands against it. */
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
