package io.jenkins.plugins.deploymentgate.service;

import io.jenkins.plugins.deploymentgate.config.AccessLevelApprover;
import io.jenkins.plugins.deploymentgate.engine.AccessLevel;
import io.jenkins.plugins.deploymentgate.engine.Refusal;

/** Says in the reader's language what the engine says in its own. */
public final class Wording {

    private Wording() {}

    /**
     * @param level an access level
     * @return what it is called
     */
    public static String describe(AccessLevel level) {
        return AccessLevelApprover.describe(level);
    }

    /**
     * @param why a reason
     * @return what to tell the person whose vote is refused for it
     */
    public static String explain(Refusal why) {
        return switch (why) {
            case ANONYMOUS -> Messages.Refusal_Anonymous();
            case SYSTEM -> Messages.Refusal_System();
            case OWN_DEPLOYMENT -> Messages.Refusal_OwnDeployment();
            case NOT_AN_APPROVER -> Messages.Refusal_NotAnApprover();
            case COMMENT_REQUIRED -> Messages.Refusal_CommentRequired();
            case NOTHING_TO_WITHDRAW -> Messages.Refusal_NothingToWithdraw();
            case NO_SUCH_RULE -> Messages.Refusal_NoSuchRule();
            case RULE_ALREADY_MET -> Messages.Refusal_RuleAlreadyMet();
            case ALREADY_VOTED -> Messages.Refusal_AlreadyVoted();
            case ALREADY_DECIDED -> Messages.Refusal_AlreadyDecided();
            case BUILD_ENDED -> Messages.Refusal_BuildEnded();
            case NO_LONGER_PROTECTED -> Messages.Refusal_NoLongerProtected();
            case POLICY_UNAVAILABLE -> Messages.Refusal_PolicyUnavailable();
        };
    }
}
