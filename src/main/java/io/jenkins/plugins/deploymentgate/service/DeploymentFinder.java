package io.jenkins.plugins.deploymentgate.service;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.Item;
import hudson.model.Job;
import hudson.model.Run;
import io.jenkins.plugins.deploymentgate.engine.Deployment;
import io.jenkins.plugins.deploymentgate.store.DeploymentStore;
import java.io.File;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Finds deployments in jobs by what they are, and not by their build. Looks into the directories of the builds and reads
 * small files; a build is loaded only if its deployment has not ended. Any thread may call.
 */
@Extension
public class DeploymentFinder {

    private static final Logger LOGGER = Logger.getLogger(DeploymentFinder.class.getName());
    private static final Pattern BUILD_NUMBER = Pattern.compile("[1-9][0-9]{0,8}");

    /** @return the one of this controller */
    public static DeploymentFinder get() {
        return ExtensionList.lookupSingleton(DeploymentFinder.class);
    }

    /**
     * @param jobs where to look; those that the caller may not read are left out
     * @param id the id of a deployment
     * @return the build that it belongs to; empty if these jobs have none of that id
     * @throws IOException if a directory cannot be listed
     */
    public Optional<Run<?, ?>> buildOf(Collection<? extends Job<?, ?>> jobs, long id) throws IOException {
        for (Job<?, ?> job : readable(jobs)) {
            for (int number : builds(job)) {
                if (DeploymentStore.get().ids(directory(job, number)).contains(id)) {
                    return Optional.ofNullable(job.getBuildByNumber(number));
                }
            }
        }
        return Optional.empty();
    }

    /**
     * @param jobs where to look; those that the caller may not read are left out
     * @param query what is wanted
     * @return what was found, in the order wanted; what cannot be read is logged and left out
     * @throws IOException if a directory cannot be listed
     */
    public List<FoundDeployment> search(Collection<? extends Job<?, ?>> jobs, DeploymentQuery query)
            throws IOException {
        Stream.Builder<FoundDeployment> found = Stream.builder();
        for (Job<?, ?> job : readable(jobs)) {
            for (int number : builds(job)) {
                collect(job, number, found);
            }
        }
        return found.build()
                .filter(one -> query.accepts(one.deployment()))
                .sorted(query.comparator())
                .toList();
    }

    private static void collect(Job<?, ?> job, int number, Stream.Builder<FoundDeployment> found) {
        try {
            for (long id : DeploymentStore.get().ids(directory(job, number))) {
                read(job, number, id).ifPresent(one -> found.add(new FoundDeployment(job, number, one)));
            }
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "Cannot read the deployments of " + job + " #" + number);
        }
    }

    private static Optional<Deployment> read(Job<?, ?> job, int number, long id) throws IOException {
        Optional<Deployment> stored = DeploymentStore.get().read(directory(job, number), id);
        if (stored.isEmpty() || stored.get().status().isFinal()) {
            return stored;
        }
        Run<?, ?> build = job.getBuildByNumber(number);
        return build == null
                ? Optional.empty()
                : Optional.of(DeploymentLifecycle.get().read(build, id));
    }

    private static List<? extends Job<?, ?>> readable(Collection<? extends Job<?, ?>> jobs) {
        return jobs.stream().filter(job -> job.hasPermission(Item.READ)).toList();
    }

    private static File directory(Job<?, ?> job, int number) {
        return new File(job.getBuildDir(), String.valueOf(number));
    }

    private static List<Integer> builds(Job<?, ?> job) {
        String[] names = job.getBuildDir().list();
        return names == null
                ? List.of()
                : Stream.of(names)
                        .filter(name -> BUILD_NUMBER.matcher(name).matches())
                        .map(Integer::valueOf)
                        .sorted()
                        .toList();
    }
}
