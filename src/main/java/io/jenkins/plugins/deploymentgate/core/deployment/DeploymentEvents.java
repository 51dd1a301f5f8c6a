package io.jenkins.plugins.deploymentgate.core.deployment;

import io.jenkins.plugins.deploymentgate.core.policy.DeployRefusal;
import io.jenkins.plugins.deploymentgate.core.policy.DeploySource;
import io.jenkins.plugins.deploymentgate.core.policy.DeploymentDescription;
import io.jenkins.plugins.deploymentgate.core.policy.RequestOrigin;
import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Derives the events of a deployment from its state alone. Every later state has the same events with the same ids, so what the
 * audit ledger lacks after a crash can be found in the file of the deployment.
 */
public final class DeploymentEvents {

    private final Deployment deployment;
    private final List<DeploymentEvent> events = new ArrayList<>();

    private DeploymentEvents(Deployment deployment) {
        this.deployment = deployment;
    }

    /**
     * @param deployment any state
     * @return its events, in order
     */
    public static List<DeploymentEvent> of(Deployment deployment) {
        DeploymentEvents told = new DeploymentEvents(deployment);
        told.beginning();
        told.acts();
        told.decision();
        told.end();
        told.events.sort(Comparator.comparing(DeploymentEvent::at));
        return List.copyOf(told.events);
    }

    private void beginning() {
        String requester = deployment.requester().orElse("");
        if (deployment.endReason() == EndReason.DEPLOYMENT_FORBIDDEN) {
            once(DeploymentEvent.Kind.FORBIDDEN, deployment.createdAt(), requester, refused());
        } else if (hasWaited()) {
            once(DeploymentEvent.Kind.BLOCKED, deployment.createdAt(), requester, request());
        }
    }

    private Map<String, String> request() {
        Map<String, String> details = new LinkedHashMap<>();
        if (deployment.requesters().size() > 1) {
            details.put("requesters", String.join(", ", deployment.requesters()));
        }
        RequestOrigin origin = deployment.request().origin();
        if (!origin.isComplete()) {
            details.put("unknown_requesters", String.join("; ", origin.unknown()));
        }
        origin.replay().ifPresent(replay -> {
            details.put("replay_of", String.valueOf(replay.original()));
            details.put("replayed_script", replay.script().toString());
        });
        DeploymentDescription description = deployment.request().description();
        Map<String, String> told = new LinkedHashMap<>();
        told.put("place", deployment.request().place().path());
        told.put("version", description.version());
        told.put("url", description.url());
        told.put("message", description.message());
        told.put("allow_older", deployment.request().allowOlder() ? "true" : "");
        told.values().removeIf(String::isEmpty);
        details.putAll(told);
        return details;
    }

    private Map<String, String> refused() {
        Map<String, String> details = request();
        DeployRefusal refusal = deployment.ending().flatMap(Ending::refusal).orElseThrow();
        if (refusal instanceof DeployRefusal.NoAccess noAccess) {
            details.put("without_access", String.join(", ", noAccess.people()));
        } else if (refusal instanceof DeployRefusal.Automated) {
            details.put("automated", "true");
        } else if (refusal instanceof DeployRefusal.WrongSource wrong) {
            details.put("from", wrong.source().toString());
            details.put("required_from", required(wrong));
        }
        return details;
    }

    /** The patterns of a list are alternatives; one of each list is required. */
    private static String required(DeployRefusal.WrongSource wrong) {
        return wrong.required().stream()
                .map(list -> list.stream().map(DeploySource.Pattern::toString).collect(Collectors.joining(", ")))
                .collect(Collectors.joining("; "));
    }

    private void acts() {
        deployment.approvals().forEach(this::vote);
        for (Withdrawal withdrawal : deployment.withdrawals()) {
            Approval approval = withdrawal.approval();
            vote(approval);
            act(
                    DeploymentEvent.Kind.WITHDRAWN,
                    withdrawal.at(),
                    approval.voter().id(),
                    "",
                    chosenRule(approval));
        }
        deployment
                .history()
                .override()
                .ifPresent(override -> act(
                        DeploymentEvent.Kind.OVERRIDDEN,
                        override.at(),
                        override.user(),
                        override.reason(),
                        Map.of("decision", override.decision().word())));
    }

    /** Not the rule whose seat the approval fills: that one can change, and an event must not. */
    private static Map<String, String> chosenRule(Approval approval) {
        return approval.rule().map(rule -> Map.of("rule", rule)).orElse(Map.of());
    }

    private void vote(Approval approval) {
        act(
                approval.decision() == VoteDecision.APPROVED
                        ? DeploymentEvent.Kind.APPROVED
                        : DeploymentEvent.Kind.REJECTED,
                approval.at(),
                approval.voter().id(),
                approval.comment(),
                chosenRule(approval));
    }

    private void decision() {
        Instant decided = deployment.times().decidedAt().orElse(deployment.createdAt());
        if (wasReleased()) {
            once(DeploymentEvent.Kind.RELEASED, decided, "", release());
        } else if (deployment.endReason() == EndReason.DEPLOYMENT_EXPIRED) {
            once(DeploymentEvent.Kind.EXPIRED, decided, "", Map.of());
        }
    }

    private Map<String, String> release() {
        return deployment
                .request()
                .newer()
                .filter(newer -> deployment.request().allowOlder())
                .map(newer -> Map.of("older_than", newer.displayName()))
                .orElse(Map.of());
    }

    private void end() {
        Instant ended = deployment.times().finishedAt().orElse(deployment.createdAt());
        if (deployment.status() == Status.CANCELED) {
            canceled(ended);
        } else if (deployment.status().isFinal() && !deployment.isRefused()) {
            Map<String, String> details = new LinkedHashMap<>();
            details.put("status", deployment.status().word());
            deployment
                    .ending()
                    .ifPresent(ending -> details.put("reason", ending.reason().word()));
            once(DeploymentEvent.Kind.FINISHED, ended, "", details);
        }
    }

    private void canceled(Instant at) {
        Ending ending = deployment.ending().orElseThrow();
        add(
                deployment.id() + "/" + DeploymentEvent.Kind.CANCELED,
                DeploymentEvent.Kind.CANCELED,
                at,
                ending.user(),
                ending.text(),
                cancellation(ending));
    }

    private static Map<String, String> cancellation(Ending ending) {
        Map<String, String> details = new LinkedHashMap<>();
        details.put("reason", ending.reason().word());
        ending.by().ifPresent(by -> details.put("by", by.displayName()));
        return details;
    }

    private boolean wasReleased() {
        return switch (deployment.status()) {
            case CREATED, BLOCKED -> false;
            case RUNNING, SUCCESS -> true;
            case FAILED -> !deployment.isRefused();
            case CANCELED ->
                !deployment.times().decidedAt().equals(deployment.times().finishedAt());
        };
    }

    /** A deployment that needs no approval is decided at the instant at which it reaches its gate. */
    private boolean hasWaited() {
        if (deployment.status() == Status.CREATED) {
            return false;
        }
        boolean decidedAtOnce = deployment.times().decidedAt().equals(Optional.of(deployment.createdAt()))
                && deployment.history().equals(DeploymentHistory.EMPTY);
        return !wasReleased() || !decidedAtOnce;
    }

    /** An event of which a deployment has one at the most. */
    private void once(DeploymentEvent.Kind kind, Instant at, String user, Map<String, String> details) {
        add(deployment.id() + "/" + kind, kind, at, user, "", details);
    }

    private void act(DeploymentEvent.Kind kind, Instant at, String user, String comment, Map<String, String> details) {
        add(deployment.id() + "/" + kind + "/" + user + "/" + at, kind, at, user, comment, details);
    }

    private void add(
            String id,
            DeploymentEvent.Kind kind,
            Instant at,
            String user,
            String comment,
            Map<String, String> details) {
        events.add(new DeploymentEvent(id, kind, at, user, comment, details));
    }
}
