package io.jenkins.plugins.deploymentgate.core.record;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Objects;
import java.util.function.LongSupplier;
import net.jcip.annotations.GuardedBy;

/**
 * A lock file that one process at a time owns, until it releases it or ends. Any thread may call.
 *
 * <p>On POSIX, closing any other descriptor of the file drops the locks of the process, as happens when a backup plugin reads
 * the file. The lock is therefore renewed every few seconds, without a moment in which it is free: it lies on one of two bytes,
 * the other byte is locked before the first is released, and whoever wants to become the owner needs both. The renewal also
 * notices that the file was deleted and created again.
 */
public final class OwnerLock {

    private static final long RENEWAL = Duration.ofSeconds(5).toNanos();

    /** Beyond the text, since Windows forbids to read locked bytes. */
    private static final long POSITION = 1L << 20;

    private final Path file;
    private final String owner;
    private final LongSupplier nanoTime;

    @CheckForNull
    @GuardedBy("this")
    private FileChannel channel;

    @CheckForNull
    @GuardedBy("this")
    private FileLock lock;

    @CheckForNull
    @GuardedBy("this")
    private Object fileKey;

    @GuardedBy("this")
    private long renewed;

    /**
     * @param file the lock file; it and its directory are created if necessary
     * @param owner describes this process to others, for people
     */
    public OwnerLock(Path file, String owner) {
        this(file, owner, System::nanoTime);
    }

    OwnerLock(Path file, String owner, LongSupplier nanoTime) {
        this.file = file;
        this.owner = owner;
        this.nanoTime = nanoTime;
    }

    /**
     * Becomes the owner, or stays it.
     *
     * @return whether this object owns the file
     * @throws IOException if the file cannot be written, or the file system has no locks; this object owns nothing then
     */
    public synchronized boolean own() throws IOException {
        if (lock != null && nanoTime.getAsLong() - renewed < RENEWAL) {
            return true;
        }
        // An interrupt closes a FileChannel.
        boolean interrupted = Thread.interrupted();
        try {
            if (lock == null || !renew(lock)) {
                acquire();
            }
            renewed = nanoTime.getAsLong();
            return lock != null;
        } catch (IOException e) {
            lock = null;
            throw e;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void acquire() throws IOException {
        release();
        Files.createDirectories(Objects.requireNonNull(file.toAbsolutePath().getParent()));
        FileChannel opened =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        channel = opened;
        FileLock both = tryLock(opened, POSITION, 2);
        if (both != null) {
            both.release();
            lock = tryLock(opened, POSITION, 1);
        }
        if (lock == null) {
            release();
            return;
        }
        fileKey = fileKey();
        opened.truncate(0);
        opened.write(StandardCharsets.UTF_8.encode(owner));
    }

    private boolean renew(FileLock held) throws IOException {
        if (!Objects.equals(fileKey, fileKey())) {
            return false;
        }
        long other = held.position() == POSITION ? POSITION + 1 : POSITION;
        FileLock next = tryLock(Objects.requireNonNull(held.channel()), other, 1);
        if (next == null) {
            return false;
        }
        held.release();
        lock = next;
        return true;
    }

    @CheckForNull
    private static FileLock tryLock(FileChannel channel, long position, long size) throws IOException {
        try {
            return channel.tryLock(position, size, false);
        } catch (OverlappingFileLockException e) {
            // Another object of this process, such as a Jenkins of a test that has not ended yet.
            return null;
        }
    }

    /** @return identifies the file that has this name now; null if there is none, or the file system knows no keys */
    @CheckForNull
    private Object fileKey() throws IOException {
        try {
            return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    /** @return how the last owner described itself; empty if that cannot be read */
    public String describeOwner() {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return "";
        }
    }

    /**
     * Gives the file up.
     *
     * @throws IOException if that fails; the end of the process releases it then
     */
    public synchronized void release() throws IOException {
        lock = null;
        if (channel != null) {
            FileChannel open = channel;
            channel = null;
            open.close();
        }
    }
}
