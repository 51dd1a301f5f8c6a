package io.jenkins.plugins.deploymentgate.cli;

import hudson.AbortException;
import hudson.Util;
import hudson.model.Run;
import io.jenkins.plugins.deploymentgate.approval.ApprovalService;
import io.jenkins.plugins.deploymentgate.approval.VoteResult;
import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import io.jenkins.plugins.deploymentgate.records.UnavailableException;
import java.io.IOException;
import java.util.Optional;
import org.kohsuke.args4j.Option;

/**
 * A command that votes on a deployment. Exits with 0 once the vote is on disk, with 16 if it was refused, and
 * with 5 if it is not in force yet or cannot be taken now; both say why.
 */
abstract class VoteCommand extends DeploymentCommand {

    private final VoteDecision decision;

    @Option(name = "--comment", metaVar = "TEXT", usage = "The comment of the vote.")
    private String comment;

    @Option(
            name = "--rule",
            metaVar = "NAME",
            usage = "The approval rule that the vote counts for. Default: any rule that needs it.")
    private String rule;

    VoteCommand(VoteDecision decision) {
        this.decision = decision;
    }

    @Override
    protected int run() throws IOException {
        Run<?, ?> build = build();
        VoteResult result = vote(build);
        if (result instanceof VoteResult.Refused refused) {
            stderr.println(refused.message());
            return REFUSED;
        }
        print(build);
        return 0;
    }

    private VoteResult vote(Run<?, ?> build) throws IOException {
        try {
            return ApprovalService.get()
                    .vote(
                            build,
                            id(),
                            decision,
                            Util.fixNull(comment),
                            Optional.ofNullable(Util.fixEmptyAndTrim(rule)));
        } catch (UnavailableException e) {
            // Core prints the message of this exception without a stack trace.
            AbortException shown = new AbortException(e.getMessage());
            shown.initCause(e);
            throw shown;
        }
    }
}
