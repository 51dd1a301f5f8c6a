package io.jenkins.plugins.deploymentgate.records;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.Job;
import io.jenkins.plugins.deploymentgate.core.record.Numbers;
import java.io.IOException;
import java.time.Clock;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Assigns the ids and iids of this controller. Any thread may call; blocks for one write to disk. */
@Extension
@Restricted(NoExternalUse.class)
public class DeploymentNumbers {

    private final Numbers numbers =
            new Numbers(Jenkins.get().getRootDir().toPath().resolve("deployment-gate/next-id"), Clock.systemUTC());

    /** @return the numbers of this controller */
    public static DeploymentNumbers get() {
        return ExtensionList.lookupSingleton(DeploymentNumbers.class);
    }

    /**
     * @return an id that was never assigned before
     * @throws IOException if that cannot be made certain on disk
     */
    public long nextId() throws IOException {
        ControllerLock.get().checkOwned();
        return numbers.nextId();
    }

    /**
     * If the counter of the job is lost, it continues after the records of the latest builds.
     *
     * @return the next iid of the job
     * @throws IOException if it cannot be kept on disk
     */
    public int nextIid(Job<?, ?> job) throws IOException {
        ControllerLock.get().checkOwned();
        return numbers.nextIid(job.getRootDir().toPath(), () -> new JobRecords(job).latestIid());
    }

    /**
     * @return whether a build of it has ever reached a gate, also if all such builds are gone
     * @throws IOException if that cannot be told
     */
    public boolean hasAny(Job<?, ?> job) throws IOException {
        return numbers.hasIid(job.getRootDir().toPath()) || new JobRecords(job).latestIid() > 0;
    }
}
