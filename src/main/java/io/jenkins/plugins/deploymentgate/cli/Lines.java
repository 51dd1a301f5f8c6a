package io.jenkins.plugins.deploymentgate.cli;

import io.jenkins.plugins.deploymentgate.approval.DeploymentView;
import io.jenkins.plugins.deploymentgate.core.deployment.Approval;
import io.jenkins.plugins.deploymentgate.core.deployment.Decision;
import io.jenkins.plugins.deploymentgate.core.deployment.Deployment;
import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentSummary;
import io.jenkins.plugins.deploymentgate.core.policy.RequestOrigin;
import io.jenkins.plugins.deploymentgate.gate.People;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The plain output of commands: fields separated by tabs, for people and for {@code cut}. */
final class Lines {

    private Lines() {}

    /** ID, status, environment, build, requesters, number of missing approvals, place in the pipeline. */
    static String of(DeploymentSummary summary) {
        return String.join(
                "\t",
                List.of(
                        String.valueOf(summary.id()),
                        summary.status().word(),
                        summary.environment(),
                        summary.job() + " #" + summary.build(),
                        summary.requesters().stream().map(People::id).collect(Collectors.joining(",")),
                        String.valueOf(summary.outstanding()),
                        inOneField(summary.place())));
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

    /** A line for what an approved deployment waits for, one for what it was canceled for, and one for a rollback. */
    static List<String> others(DeploymentView view) {
        List<String> lines = new ArrayList<>();
        boolean blocked = view.deployment().status() == Status.BLOCKED;
        if (blocked && view.decision() instanceof Decision.Held held) {
            lines.add("  approved\twaits until " + held.until());
        } else if (blocked && view.decision() instanceof Decision.Queued) {
            lines.add("  approved\twaits for its turn"
                    + view.related()
                            .behind()
                            .map(first -> " after " + first.displayName())
                            .orElse(""));
        }
        view.related().canceledBy().ifPresent(by -> lines.add("  canceled\tbecause of " + by.displayName()));
        view.related().rollbackFrom().ifPresent(from -> lines.add("  rollback\tfrom " + from.displayName()));
        return lines;
    }

    private static String vote(Approval approval) {
        return "  " + approval.decision().word() + "\t"
                + People.id(approval.voter().id()) + "\t" + inOneField(approval.comment());
    }

    private static String inOneField(String text) {
        return text.replaceAll("[\\r\\n\\t]+", " ");
    }
}
