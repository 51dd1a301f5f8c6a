package io.jenkins.plugins.deploymentgate.core.index;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import org.h2.mvstore.MVStore;

/**
 * The tables of the index, the lock that goes with them, and the file that they are in.
 *
 * <p>Any thread may call. Whoever reads sees one instant, and a change is seen wholly or not at all. What was changed is on
 * disk after the next {@link #commit}; a crash takes back what came after the last, and never a part of a change. It is
 * seen when the file is opened that it was not closed.
 *
 * <p>Whatever the file does wrong is an {@link IndexFailedException}.
 */
final class IndexStore {

    private static final String FORMAT = "format";
    private static final String COMPLETE = "complete";
    private static final String CLOSED = "closed";

    /** After so many commits the file is compacted. Doing so after each would write everything anew each time. */
    private static final int COMMITS = 100;

    /** In percent; below it compacting rewrites what is in use, so many bytes with the lock held, at most so often. */
    private static final int FILL_RATE = 50;

    private static final int REWRITTEN_AT_ONCE = 4 * 1024 * 1024;
    private static final int STEPS = 1000;

    private final ReadWriteLock lock = new ReentrantReadWriteLock();

    @CheckForNull
    private final IndexFile file;

    private final MVStore store;
    private final IndexTables tables;
    private final AtomicInteger commits = new AtomicInteger();
    private boolean trusted;

    private IndexStore(@CheckForNull IndexFile file, MVStore store, boolean fresh) {
        this.file = file;
        this.store = store;
        this.tables = new IndexTables(store);
        Map<String, String> facts = tables.facts();
        if (!fresh && !IndexRowType.FORMAT.equals(facts.get(FORMAT))) {
            throw new IllegalStateException("it is empty, or was written by another version of this plugin");
        }
        facts.put(FORMAT, IndexRowType.FORMAT);
        trusted = facts.remove(CLOSED) != null;
        store.commit();
        store.sync();
    }

    /**
     * Opens the file, or a new one in its place.
     *
     * @throws IOException if there can be no such file
     */
    static IndexStore open(Path path, Clock clock) throws IOException {
        IndexFile file = new IndexFile(path, clock);
        return file.open(store -> new IndexStore(file, store, false), store -> new IndexStore(file, store, true));
    }

    /** @return an empty one that is in no file */
    static IndexStore inMemory() {
        return new IndexStore(null, new MVStore.Builder().autoCommitDisabled().open(), true);
    }

    /** @param look is called with the lock held that keeps changes away; must be quick */
    <T> T read(Function<IndexTables, T> look) {
        return locked(lock.readLock(), look);
    }

    /** @param change is called with the lock held that keeps everybody away; must be quick */
    <T> T write(Function<IndexTables, T> change) {
        return locked(lock.writeLock(), change);
    }

    private <T> T locked(Lock held, Function<IndexTables, T> work) {
        held.lock();
        try {
            if (store.isClosed()) {
                throw new IllegalStateException("it is closed");
            }
            return work.apply(tables);
        } catch (RuntimeException | AssertionError e) {
            throw new IndexFailedException(e);
        } finally {
            held.unlock();
        }
    }

    /** @return whether it was complete once; after a crash the last changes may be missing all the same */
    boolean wasComplete() {
        return read(all -> all.facts().containsKey(COMPLETE));
    }

    /** @return whether nothing is missing */
    boolean isComplete() {
        return read(all -> trusted && all.facts().containsKey(COMPLETE));
    }

    void markComplete() {
        write(all -> {
            trusted = true;
            return all.facts().put(COMPLETE, "");
        });
    }

    /**
     * Writes what has changed to disk, and compacts the file from time to time. Waits for the disk without the lock, before
     * room is used again that the state before this one was in.
     */
    void commit() {
        write(all -> store.commit());
        sync();
        if (commits.incrementAndGet() % COMMITS == 0) {
            compact();
        }
    }

    /** Makes the file smaller if much of it is waste, in steps for which nobody has to wait long. */
    void compact() {
        int steps = 0;
        while (steps < STEPS && write(all -> store.compact(FILL_RATE, REWRITTEN_AT_ONCE))) {
            sync();
            steps++;
        }
    }

    private void sync() {
        try {
            store.sync();
        } catch (RuntimeException e) {
            throw new IndexFailedException(e);
        }
    }

    /** Writes what has changed to disk, and lets go of the file; does nothing if that was done before. */
    void close() {
        lock.writeLock().lock();
        try {
            if (!store.isClosed()) {
                write(this::lastWords);
            }
        } finally {
            lock.writeLock().unlock();
        }
    }

    private Void lastWords(IndexTables all) {
        if (trusted) {
            all.facts().put(CLOSED, "");
        }
        store.commit();
        store.sync();
        store.close();
        return null;
    }

    /** Lets go of the file and sets it aside. */
    void abandon(Throwable why) throws IOException {
        store.closeImmediately();
        if (file != null) {
            file.setAside(why);
        }
    }
}
