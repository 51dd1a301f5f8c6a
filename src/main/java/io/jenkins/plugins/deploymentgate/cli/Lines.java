package io.jenkins.plugins.deploymentgate.cli;

import io.jenkins.plugins.deploymentgate.core.deployment.Approval;
import io.jenkins.plugins.deploymentgate.core.deployment.Deployment;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentSummary;
import io.jenkins.plugins.deploymentgate.core.policy.RequestOrigin;
import io.jenkins.plugins.deploymentgate.gate.People;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The plain output of commands: fields separated by tabs, for people and for {@code cut}. */
final class Lines {

    private Lines() {}

    /** ID, status, environment, build, requesters, number of missing approvals. */
    static String of(DeploymentSummary summary) {
        return String.join(
                "\t",
                List.of(
                        String.valueOf(summary.id()),
                        summary.status().word(),
                        summary.environment(),
                        summary.job() + " #" + summary.build(),
                        summary.requesters().stream().map(People::id).collect(Collectors.joining(",")),
                        String.valueOf(summary.outstanding())));
    }

    /** A line for each vote: decision, person, comment. */
    static String votes(Deployment deployment) {
        return deployment.approvals().stream().map(Lines::vote).collect(Collectors.joining(System.lineSeparator()));
    }

    /** A line for each cause of which it is not known who is behind it, and one for a replay. */
    static List<String> origin(Deployment deployment) {
        RequestOrigin origin = deployment.request().origin();
        List<String> lines = new ArrayList<>();
        origin.unknown().forEach(cause -> lines.add("  unknown requester\t" + cause));
        origin.replay()
                .ifPresent(replay -> lines.add("  replay\t#" + replay.original() + "\tscript " + replay.script()));
        return lines;
    }

    private static String vote(Approval approval) {
        String comment = approval.comment().replaceAll("[\\r\\n\\t]+", " ");
        return "  " + approval.decision().word() + "\t"
                + People.id(approval.voter().id()) + "\t" + comment;
    }
}
