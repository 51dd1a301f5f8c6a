package io.jenkins.plugins.deploymentgate.core.record;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.function.IntSupplier;
import net.jcip.annotations.GuardedBy;

/**
 * Assigns the numbers of deployments.
 *
 * <p>An <em>id</em> is unique within a controller: milliseconds since the start of 2026, or the last id plus one if that is
 * higher. Because the clock is part of it, a controller that was restored from a backup does not assign the ids of the lost
 * period again. The file protects against a clock that is set back: it holds a number that no id has reached, is written
 * before an id beyond it is used, and at most once a minute. A crash wastes at most the ids of that minute.
 *
 * <p>An <em>iid</em> counts 1, 2, 3 within a job. The next one is in the file {@code nextDeploymentNumber} of the job, which is
 * written before the number is used; a crash leaves at most a gap.
 *
 * <p>Any thread may call; both methods can block for one write to disk.
 */
public final class Numbers {

    private static final Instant EPOCH = Instant.parse("2026-01-01T00:00:00Z");
    private static final long AHEAD = 60_000;
    private static final String IID_FILE = "nextDeploymentNumber";

    private final Path idFile;
    private final Clock clock;
    private final Object[] jobLocks = new Object[64];

    @GuardedBy("this")
    private long last;

    @GuardedBy("this")
    private long reserved = -1;

    /**
     * @param idFile the file that holds the upper bound of the ids assigned so far
     * @param clock the clock to take ids from
     */
    public Numbers(Path idFile, Clock clock) {
        this.idFile = idFile;
        this.clock = clock;
        for (int i = 0; i < jobLocks.length; i++) {
            jobLocks[i] = new Object();
        }
    }

    /**
     * @return an id that was never assigned before
     * @throws IOException if the file cannot be read or written
     */
    public synchronized long nextId() throws IOException {
        if (reserved < 0) {
            Long stored = read(idFile);
            reserved = stored == null ? 0 : stored;
            last = reserved;
        }
        long id = Math.max(last + 1, clock.millis() - EPOCH.toEpochMilli());
        if (id >= reserved) {
            DurableFile.write(idFile, id + AHEAD + "\n");
            reserved = id + AHEAD;
        }
        last = id;
        return id;
    }

    /**
     * @param job the directory of a job
     * @param highest called if the file is missing; gives the highest iid found in the records of the job, or 0
     * @return the next iid of the job
     * @throws IOException if the file cannot be read or written
     */
    public int nextIid(Path job, IntSupplier highest) throws IOException {
        Path file = job.resolve(IID_FILE);
        synchronized (jobLocks[Math.floorMod(job.hashCode(), jobLocks.length)]) {
            Long stored = read(file);
            int iid = Math.toIntExact(stored == null ? highest.getAsInt() + 1L : Math.max(1, stored));
            DurableFile.write(file, iid + 1 + "\n");
            return iid;
        }
    }

    /**
     * @param job the directory of a job
     * @return whether an iid was ever assigned, as far as the file of the job tells
     * @throws IOException if the file cannot be read
     */
    public boolean hasIid(Path job) throws IOException {
        Long stored = read(job.resolve(IID_FILE));
        return stored != null && stored > 1;
    }

    @CheckForNull
    private static Long read(Path file) throws IOException {
        try {
            return Long.valueOf(Files.readString(file).strip());
        } catch (NoSuchFileException e) {
            return null;
        } catch (NumberFormatException e) {
            throw new IOException(file + " does not hold a number", e);
        }
    }
}
