package io.jenkins.plugins.deploymentgate.records;

import hudson.model.Job;
import io.jenkins.plugins.deploymentgate.core.deployment.Deployment;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** The records of deployments in the directories of a job's builds, found without loading a build. */
@Restricted(NoExternalUse.class)
public final class JobRecords {

    private static final Logger LOGGER = Logger.getLogger(JobRecords.class.getName());
    private static final Pattern BUILD_NUMBER = Pattern.compile("[1-9][0-9]{0,8}");

    /** An older build may reach its gate after a newer one. This many builds are taken into account. */
    private static final int LATEST = 100;

    private final Job<?, ?> job;

    public JobRecords(Job<?, ?> job) {
        this.job = job;
    }

    /** @return the numbers of the builds that have a directory */
    public List<Integer> builds() {
        String[] names = job.getBuildDir().list();
        return names == null
                ? List.of()
                : Stream.of(names)
                        .filter(name -> BUILD_NUMBER.matcher(name).matches())
                        .map(Integer::valueOf)
                        .sorted()
                        .toList();
    }

    /**
     * @param build the number of a build
     * @return the ids of its deployments; those that cannot be listed are logged and left out
     */
    public List<Long> ids(int build) {
        try {
            return DeploymentRecords.get().ids(directory(build));
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "Cannot list the deployments of " + job + " #" + build);
            return List.of();
        }
    }

    /**
     * @param build the number of a build
     * @param id the id of one of its deployments
     * @return it; empty if it is gone, or cannot be read, which is logged
     */
    public Optional<Deployment> read(int build, long id) {
        try {
            return DeploymentRecords.get().read(directory(build), id);
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "Cannot read deployment " + id + " of " + job + " #" + build);
            return Optional.empty();
        }
    }

    /**
     * Reads the records of the latest builds that have any, so that the cost does not grow with the age of the job.
     *
     * @return the highest iid among them; 0 if there are none
     */
    int latestIid() {
        List<Integer> newestFirst = new ArrayList<>(builds());
        Collections.reverse(newestFirst);
        return newestFirst.stream()
                .filter(build -> !ids(build).isEmpty())
                .limit(LATEST)
                .flatMap(build -> ids(build).stream().flatMap(id -> read(build, id).stream()))
                .mapToInt(Deployment::iid)
                .max()
                .orElse(0);
    }

    private File directory(int build) {
        return new File(job.getBuildDir(), String.valueOf(build));
    }
}
