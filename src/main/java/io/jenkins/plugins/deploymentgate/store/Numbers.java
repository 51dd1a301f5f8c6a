package io.jenkins.plugins.deploymentgate.store;

import hudson.Extension;
import hudson.ExtensionList;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import jenkins.model.Jenkins;

/**
 * Gives deployments their numbers.
 *
 * <p>An <em>id</em> is unique in this controller: the milliseconds since the start of 2026, or one more than the last
 * id if that is higher. The clock is in it so that a controller whose home was restored from a backup does not give the
 * ids of the lost time again. Against a clock that was set back, a file keeps an id that was certainly never reached;
 * it is written ahead, at most once a minute; whoever asks says what else they know of. A crash loses at most that minute's unused ids.
 *
 * <p>An <em>iid</em> counts 1, 2, 3 within a job, in a file beside the job's next build number, written before the
 * number is used; a crash leaves a gap at worst.
 *
 * <p>Any thread may call.
 */
@Extension
public class Numbers {

    private static final Instant EPOCH = Instant.parse("2026-01-01T00:00:00Z");
    private static final long AHEAD = 60_000;

    private final Clock clock;
    private final Object[] jobLocks = new Object[64];
    private long last;
    private long reserved = -1;

    /** Called by Jenkins. */
    public Numbers() {
        this(Clock.systemUTC());
    }

    Numbers(Clock clock) {
        this.clock = clock;
        for (int i = 0; i < jobLocks.length; i++) {
            jobLocks[i] = new Object();
        }
    }

    /** @return the one of this controller */
    public static Numbers get() {
        return ExtensionList.lookupSingleton(Numbers.class);
    }

    /**
     * @param given an id that was certainly given, and none higher that the caller knows of; 0 if they know of none
     * @return an id that was never given and never will be again
     * @throws IOException if that cannot be made certain on disk
     */
    public long nextId(long given) throws IOException {
        return nextId(Jenkins.get().getRootDir().toPath().resolve("deployment-gate/next-id"), given);
    }

    synchronized long nextId(Path file, long given) throws IOException {
        if (reserved < 0) {
            reserved = read(file);
            last = reserved;
        }
        long id = Math.max(Math.max(last, given) + 1, clock.millis() - EPOCH.toEpochMilli());
        if (id >= reserved) {
            DurableFile.write(file, id + AHEAD + "\n");
            reserved = id + AHEAD;
        }
        last = id;
        return id;
    }

    /**
     * @param job the directory of a job
     * @param given the highest number in that job that the caller knows of, so that none is given twice if the file is lost
     *     or comes from a backup; 0 if they know of none
     * @return the next number in that job
     * @throws IOException if the number cannot be kept on disk
     */
    public int nextIid(File job, int given) throws IOException {
        Path file = job.toPath().resolve("nextDeploymentNumber");
        synchronized (jobLocks[Math.floorMod(job.hashCode(), jobLocks.length)]) {
            int iid = Math.toIntExact(Math.max(given + 1L, read(file)));
            DurableFile.write(file, iid + 1 + "\n");
            return iid;
        }
    }

    private static long read(Path file) throws IOException {
        try {
            return Long.parseLong(Files.readString(file).strip());
        } catch (NoSuchFileException e) {
            return 0;
        } catch (NumberFormatException e) {
            throw new IOException(file + " does not hold a number", e);
        }
    }
}
