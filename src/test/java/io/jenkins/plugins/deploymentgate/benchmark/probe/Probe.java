package io.jenkins.plugins.deploymentgate.benchmark.probe;

import hudson.Extension;
import hudson.ExtensionList;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/** Knows when the step after the gate has begun. Any thread may call. */
@Extension(optional = true)
public class Probe {

    /** A pipeline that has come to the step after the gate, and waits there until nothing is measured any more. */
    private record Waiting(long since, StepContext context) {}

    private final Map<String, CompletableFuture<Waiting>> builds = new ConcurrentHashMap<>();

    /** @return the one of this controller */
    public static Probe get() {
        return ExtensionList.lookupSingleton(Probe.class);
    }

    void reached(String build, StepContext context) {
        long now = System.nanoTime();
        waiting(build).complete(new Waiting(now, context));
    }

    private CompletableFuture<Waiting> waiting(String build) {
        return builds.computeIfAbsent(build, key -> new CompletableFuture<>());
    }

    /**
     * Waits until a build has reached the step after the gate.
     *
     * @param build its external id
     * @return when that was, as of {@link System#nanoTime}
     */
    public long awaitReached(String build) {
        return waiting(build).join().since();
    }

    /** Lets builds go on to their end, each as soon as it waits here. */
    public void release(Collection<String> ids) {
        for (String id : ids) {
            waiting(id).join().context().onSuccess(null);
            builds.remove(id);
        }
    }
}
