package io.jenkins.plugins.deploymentgate.approval;

import static io.jenkins.plugins.deploymentgate.gate.ConsoleText.inLanguageOfServer;

import hudson.model.Run;
import io.jenkins.plugins.deploymentgate.core.deployment.Approval;
import io.jenkins.plugins.deploymentgate.core.deployment.Deployment;
import io.jenkins.plugins.deploymentgate.core.deployment.PolicyOverride;
import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import io.jenkins.plugins.deploymentgate.core.deployment.Tally;
import io.jenkins.plugins.deploymentgate.core.deployment.VoteOutcome;
import io.jenkins.plugins.deploymentgate.core.deployment.Withdrawal;
import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import io.jenkins.plugins.deploymentgate.gate.ConsoleText;
import io.jenkins.plugins.deploymentgate.gate.People;
import java.util.ArrayList;
import java.util.List;

/** What the console of a build says of what people did with its deployment. */
final class Announcements {

    private Announcements() {}

    /**
     * @param build the build
     * @param accepted what was done
     * @return a line for it, and a line for what follows from it
     */
    static List<String> of(Run<?, ?> build, VoteOutcome.Accepted accepted) {
        Deployment after = accepted.following();
        List<String> lines = new ArrayList<>();
        if (accepted.action() instanceof Approval approval) {
            lines.add(vote(approval, after));
        } else if (accepted.action() instanceof Withdrawal withdrawal) {
            lines.add(withdrawal(withdrawal, after));
        } else if (accepted.action() instanceof PolicyOverride override) {
            lines.add(override(override, after));
        }
        if (after.status() == Status.RUNNING && after.history().override().isEmpty()) {
            lines.add(inLanguageOfServer(Messages._ApprovalService_Released(ConsoleText.target(after))));
        }
        if (after.status() == Status.BLOCKED && after.outstanding(after.policy()) == 0) {
            lines.addAll(ConsoleText.whyHeld(build, after));
        }
        return lines;
    }

    private static String vote(Approval approval, Deployment after) {
        Tally tally = after.tally();
        String voter = People.id(approval.voter().id());
        String comment = approval.comment().isEmpty() ? "" : ": " + ConsoleText.oneLine(approval.comment());
        return inLanguageOfServer(
                        approval.decision() == VoteDecision.APPROVED
                                ? Messages._ApprovalService_Approved(
                                        voter, ConsoleText.target(after), tally.given(), tally.required())
                                : Messages._ApprovalService_Rejected(voter, ConsoleText.target(after)))
                + comment;
    }

    private static String withdrawal(Withdrawal withdrawal, Deployment after) {
        return inLanguageOfServer(Messages._ApprovalService_Withdrawn(
                People.id(withdrawal.approval().voter().id()),
                ConsoleText.target(after),
                after.tally().given(),
                after.tally().required()));
    }

    private static String override(PolicyOverride override, Deployment after) {
        String user = People.id(override.user());
        String reason = ConsoleText.oneLine(override.reason());
        return inLanguageOfServer(
                override.decision() == VoteDecision.APPROVED
                        ? Messages._ApprovalService_OverriddenToRelease(user, ConsoleText.target(after), reason)
                        : Messages._ApprovalService_OverriddenToReject(user, ConsoleText.target(after), reason));
    }
}
