package io.jenkins.plugins.deploymentgate.service;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.Job;
import io.jenkins.plugins.deploymentgate.store.DeploymentIndex;
import io.jenkins.plugins.deploymentgate.store.Numbers;
import java.io.IOException;
import java.util.OptionalInt;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Gives deployments their numbers. What the files of the numbers say is checked against what the index has seen, so that
 * no number comes a second time if a file is lost, or comes from a backup. Any thread may call; waits for the disk.
 */
@Extension
@Restricted(NoExternalUse.class)
public class DeploymentNumbers {

    static DeploymentNumbers get() {
        return ExtensionList.lookupSingleton(DeploymentNumbers.class);
    }

    /**
     * @return an id that was never given and never will be again
     * @throws IOException if that cannot be made certain on disk
     */
    long nextId() throws IOException {
        return Numbers.get().nextId(IndexKeeper.get().ask(DeploymentIndex::highestId, 0L));
    }

    /**
     * @param job a job
     * @return the next number in that job
     * @throws IOException if it cannot be kept on disk, or it cannot be told which were given
     */
    int nextIid(Job<?, ?> job) throws IOException {
        OptionalInt given = IndexKeeper.get().ask(index -> index.highestIid(job.getFullName()), OptionalInt.empty());
        return Numbers.get()
                .nextIid(job.getRootDir(), given.isPresent() ? given.getAsInt() : new JobRecords(job).highestIid());
    }
}
