package io.jenkins.plugins.deploymentgate.core.deployment;

import io.jenkins.plugins.deploymentgate.core.policy.DeploymentReference;
import io.jenkins.plugins.deploymentgate.core.policy.EnvironmentPolicy;
import io.jenkins.plugins.deploymentgate.core.policy.PipelinePlace;
import io.jenkins.plugins.deploymentgate.core.policy.TurnRules;
import io.jenkins.plugins.deploymentgate.core.policy.TurnRules.Supersede;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The other deployments that matter to one that waits: whom it waits for, and who has overtaken it.
 *
 * @param job the full name of the job of the one that waits
 * @param build the number of its build
 * @param complete whether this has all deployments of running builds; while it has not, nobody gets a turn
 * @param others the deployments of running builds that have not ended; may include the one that waits
 * @param newer the newest of the newer builds of the job that were deployed there with success; empty if there is none, or
 *     nobody needs to know
 */
public record Rivals(
        String job, int build, boolean complete, Collection<Rival> others, Optional<DeploymentReference> newer) {

    /** For an environment where deployments do not compete. */
    public static final Rivals NONE = new Rivals("", 0, true, List.of(), Optional.empty());

    /**
     * A deployment of a running build.
     *
     * @param job the full name of its job
     * @param build the number of its build
     * @param deployment its state
     */
    public record Rival(String job, int build, Deployment deployment) {

        private static final Comparator<Rival> QUEUE = Comparator.comparing(
                        (Rival rival) -> rival.deployment.times().queuedAt().orElse(Instant.MAX))
                .thenComparing(rival -> rival.deployment.id());

        private boolean isRunning() {
            return deployment.status() == Status.RUNNING;
        }

        private boolean isQueued() {
            return deployment.status() == Status.BLOCKED
                    && deployment.times().queuedAt().isPresent();
        }

        private boolean isOfBuild(Rival other) {
            return build == other.build && job.equals(other.job);
        }

        /**
         * Whether this cannot end before the other one has run: the other one is in its body, or in its build if it has no
         * body. Both have the environment together then. Of two within the same blocks of a build, of which a pipeline runs
         * one step at a time, either one is in the body of the other, or one was forgotten in a crash.
         */
        private boolean encloses(Rival other) {
            PipelinePlace place = deployment.request().place();
            PipelinePlace others = other.deployment.request().place();
            return isOfBuild(other)
                    && (!place.body()
                            || others.within().contains(deployment.id())
                            || others.enclosing().equals(place.enclosing()));
        }

        private DeploymentReference reference() {
            return new DeploymentReference(job, build, deployment.id());
        }
    }

    /** Copies the collection. */
    public Rivals {
        others = List.copyOf(others);
    }

    /**
     * @param waiting a deployment that waits, for whatever
     * @param policy what its environment demands
     * @return that it is canceled, because a newer build was deployed, or is about to be; empty if it is not
     */
    Optional<Decision> overtaking(Deployment waiting, EnvironmentPolicy policy) {
        if (waiting.request().allowOlder()) {
            return Optional.empty();
        } else if (policy.turns().refuseOutdated() && newer.isPresent()) {
            return Optional.of(new Decision.Canceled(EndReason.DEPLOYMENT_OUTDATED, newer.get()));
        }
        return others.stream()
                .filter(other -> other.build() > build
                        && other.job().equals(job)
                        && other.deployment().environment().equals(waiting.environment())
                        && supersedes(other, policy.turns().supersede()))
                .max(Comparator.comparingInt(Rival::build))
                .map(other -> new Decision.Canceled(EndReason.DEPLOYMENT_SUPERSEDED, other.reference()));
    }

    private static boolean supersedes(Rival newer, Supersede when) {
        return newer.isRunning() && when != Supersede.NEVER
                || newer.deployment().status() == Status.BLOCKED && when == Supersede.ON_ARRIVAL;
    }

    /**
     * @param waiting a deployment that waits for nothing else
     * @param policy what its environment demands
     * @param now since when it does, unless it says that itself
     * @return approved if it is its turn; queued if it is not; canceled if it would wait for ever
     */
    Decision turn(Deployment waiting, EnvironmentPolicy policy, Instant now) {
        boolean overtakable =
                policy.turns().refuseOutdated() && !waiting.request().allowOlder() && !waiting.isReleasedByOverride();
        boolean exclusive = policy.turns().exclusiveIn().isPresent();
        if (!complete && (exclusive || overtakable)) {
            return new Decision.Queued(Optional.empty());
        } else if (!exclusive) {
            return new Decision.Approved();
        }
        Rival self = new Rival(
                job, build, waiting.queued(policy, waiting.times().queuedAt().orElse(now)));
        return new Queue(self, others).decide();
    }

    /** Those who wait for an exclusive environment, and those who have one. */
    private static final class Queue {

        private final Rival self;
        private final List<Rival> all = new ArrayList<>();

        Queue(Rival self, Collection<Rival> others) {
            this.self = self;
            others.stream()
                    .filter(other ->
                            other.deployment().id() != self.deployment().id())
                    .forEach(all::add);
            all.add(self);
        }

        Decision decide() {
            List<Rival> first = ahead(self);
            if (first.isEmpty()) {
                return new Decision.Approved();
            }
            DeploymentReference behind = first.get(0).reference();
            return isDeadlocked()
                    ? new Decision.Canceled(EndReason.DEPLOYMENT_DEADLOCK, behind)
                    : new Decision.Queued(Optional.of(behind));
        }

        /** Who has to end before it is the turn of this one: whoever runs, then whoever has been waiting for longer. */
        private List<Rival> ahead(Rival waiting) {
            TurnRules rules = waiting.deployment().policy().turns();
            List<Rival> competing = all.stream()
                    .filter(other ->
                            other.deployment().id() != waiting.deployment().id()
                                    && other.deployment()
                                            .environment()
                                            .equals(waiting.deployment().environment())
                                    && rules.isExclusiveWith(other.job()))
                    .toList();
            if (competing.stream().anyMatch(other -> other.isRunning() && other.encloses(waiting))) {
                return List.of();
            }
            Stream<Rival> running = competing.stream().filter(Rival::isRunning);
            Stream<Rival> queued = competing.stream()
                    .filter(other ->
                            other.isQueued() && !other.encloses(waiting) && Rival.QUEUE.compare(other, waiting) < 0)
                    .sorted(Rival.QUEUE);
            return Stream.concat(running, queued).toList();
        }

        /** Those who wait for their turn, and have to get it before this one can end. */
        private Stream<Rival> needed(Rival one) {
            return all.stream()
                    .filter(other -> other.isQueued()
                            && (other.deployment().id() == one.deployment().id() || one.encloses(other)));
        }

        private boolean holdsSomething(Rival waiting) {
            return all.stream().anyMatch(other -> other.isRunning() && other.encloses(waiting));
        }

        /**
         * Every circle of deployments that wait for each other contains builds that hold something. The one of them that was
         * the last to wait has closed the circle, and gives way.
         */
        private boolean isDeadlocked() {
            List<Rival> circle = new ArrayList<>();
            return holdsSomething(self)
                    && findCircle(self, new HashSet<>(), circle)
                    && circle.stream()
                            .filter(this::holdsSomething)
                            .max(Rival.QUEUE)
                            .filter(self::equals)
                            .isPresent();
        }

        private boolean findCircle(Rival waiting, Set<Long> seen, List<Rival> circle) {
            circle.add(waiting);
            for (Rival first : ahead(waiting)) {
                for (Rival next : needed(first).toList()) {
                    if (next.equals(self) || seen.add(next.deployment().id()) && findCircle(next, seen, circle)) {
                        return true;
                    }
                }
            }
            circle.remove(circle.size() - 1);
            return false;
        }
    }
}
