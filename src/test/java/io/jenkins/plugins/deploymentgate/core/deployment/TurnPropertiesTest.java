package io.jenkins.plugins.deploymentgate.core.deployment;

import static io.jenkins.plugins.deploymentgate.core.deployment.TurnWorld.exclusive;
import static io.jenkins.plugins.deploymentgate.core.deployment.TurnWorld.policy;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.deploymentgate.core.deployment.Rivals.Rival;
import io.jenkins.plugins.deploymentgate.core.policy.EnvironmentPolicy;
import io.jenkins.plugins.deploymentgate.core.policy.PipelinePlace;
import io.jenkins.plugins.deploymentgate.core.policy.TurnRules;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What must hold of turns, whoever asks for which environments in which order. */
class TurnPropertiesTest {

    private static final List<String> JOBS = List.of("shop/web", "shop/db", "tools");
    private static final List<String> ENVIRONMENTS = List.of("staging", "production", "test");

    /**
     * Something that happens.
     *
     * @param build index of a build
     * @param environment index of an environment
     * @param kind 0 asks for the turn until the end of the build, 1 within a new body, 2 nested in the body of the latest
     *     running deployment of the build, 3 to 5 end something
     */
    private record Event(int build, int environment, int kind) {}

    @Provide
    Arbitrary<List<Event>> events() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 5),
                        Arbitraries.integers().between(0, 2),
                        Arbitraries.integers().between(0, 5))
                .as(Event::new)
                .list()
                .ofMaxSize(40);
    }

    private static String job(int build) {
        return JOBS.get(build % JOBS.size());
    }

    /** The whole Jenkins takes turns for production, each top-level folder for staging, and nobody for test. */
    private static EnvironmentPolicy policyOf(String job, String environment) {
        return switch (environment) {
            case "production" -> policy(0, exclusive(""));
            case "staging" -> policy(0, exclusive(job.split("/")[0]));
            default -> policy(0, TurnRules.NONE);
        };
    }

    private static Stream<Rival> running(TurnWorld world) {
        return world.living().stream().filter(rival -> rival.deployment().status() == Status.RUNNING);
    }

    private static Stream<Rival> queued(TurnWorld world) {
        return world.living().stream().filter(rival -> rival.deployment().status() == Status.BLOCKED);
    }

    private static boolean isOfBuild(Rival one, Rival other) {
        return one.build() == other.build() && one.job().equals(other.job());
    }

    private static boolean compete(Rival one, Rival other) {
        return one.deployment().environment().equals(other.deployment().environment())
                && one.deployment().policy().turns().isExclusiveWith(other.job());
    }

    @Property
    void neverTwoBuildsRunAndEverybodyGetsATurnOrIsCanceled(@ForAll("events") List<Event> events) {
        TurnWorld world = new TurnWorld();
        for (Event event : events) {
            if (event.kind() < 3) {
                ask(world, event);
            } else {
                end(world, event);
            }
            world.settle();
            neverTwo(world);
            servedInOrder(world);
        }
        while (!world.living().isEmpty()) {
            assertTrue(endSomething(world), () -> "all wait for each other: " + world.living());
            world.settle();
            neverTwo(world);
        }
    }

    private static void ask(TurnWorld world, Event event) {
        String job = job(event.build());
        String environment = ENVIRONMENTS.get(event.environment());
        List<Rival> outer = event.kind() == 2
                ? running(world)
                        .filter(rival -> rival.job().equals(job) && rival.build() == event.build())
                        .filter(rival -> rival.deployment().request().place().body())
                        .toList()
                : List.of();
        List<Long> within = new ArrayList<>();
        if (!outer.isEmpty()) {
            Deployment latest = outer.get(outer.size() - 1).deployment();
            within.addAll(latest.request().place().within());
            within.add(latest.id());
        }
        PipelinePlace body = TurnWorld.body("branch " + world.opened(), within.toArray(Long[]::new));
        world.open(
                job,
                event.build(),
                environment,
                policyOf(job, environment),
                event.kind() > 0 ? body : PipelinePlace.UNKNOWN);
    }

    private static void end(TurnWorld world, Event event) {
        List<Rival> can = running(world).filter(rival -> canEnd(world, rival)).toList();
        if (!can.isEmpty()) {
            world.finish(can.get(event.environment() % can.size()).deployment().id());
        }
    }

    private static boolean endSomething(TurnWorld world) {
        List<Rival> can = running(world).filter(rival -> canEnd(world, rival)).toList();
        can.stream()
                .findFirst()
                .ifPresent(rival -> world.finish(rival.deployment().id()));
        return !can.isEmpty();
    }

    /** A body ends after what is nested in it, and a build after everything in it. */
    private static boolean canEnd(TurnWorld world, Rival rival) {
        Deployment deployment = rival.deployment();
        return world.living().stream()
                .filter(other -> isOfBuild(rival, other) && other.deployment().id() != deployment.id())
                .noneMatch(other -> deployment.request().place().body()
                        ? other.deployment().request().place().within().contains(deployment.id())
                        : other.deployment().status() == Status.BLOCKED
                                || other.deployment().request().place().body());
    }

    private static void neverTwo(TurnWorld world) {
        List<Rival> running = running(world).toList();
        for (Rival one : running) {
            for (Rival other : running) {
                assertTrue(
                        isOfBuild(one, other) || !compete(one, other),
                        () -> one + " and " + other + " run at the same time");
            }
        }
    }

    /** Nobody waits behind somebody who asked later, and nobody waits for a free environment. */
    private static void servedInOrder(TurnWorld world) {
        for (Rival waiting : queued(world).toList()) {
            Decision.Queued decision =
                    (Decision.Queued) world.decide(waiting.deployment().id());
            long behind = decision.behind().orElseThrow().id();
            Rival first = world.rival(behind);
            assertTrue(compete(waiting, first));
            Set<Long> runs = new HashSet<>();
            running(world)
                    .filter(rival -> compete(waiting, rival))
                    .forEach(rival -> runs.add(rival.deployment().id()));
            if (runs.isEmpty()) {
                long longest = queued(world)
                        .filter(rival -> compete(waiting, rival))
                        .min(Comparator.comparing(
                                rival -> rival.deployment().times().queuedAt().orElseThrow()))
                        .orElseThrow()
                        .deployment()
                        .id();
                assertEquals(longest, behind);
            } else {
                assertTrue(runs.contains(behind));
            }
        }
    }
}
