package io.jenkins.plugins.deploymentgate.core.index;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What lists of deployments are made from, so that no build has to be loaded for them: a view of the files in the
 * directories of the builds, in a file of its own with ordered tables.
 *
 * <p>Any thread may call. Each call sees the deployments as they were at one instant, and each change is seen wholly or
 * not at all. A change is on disk after the next {@link #commit}. A crash takes back what was not committed, never a part
 * of it; the index knows when it is opened that it was not closed, and is not {@link #isComplete} until somebody has looked
 * through the builds and says so. The lock is taken for milliseconds, and nothing of others is called under it.
 *
 * <p>All methods throw {@link IndexFailedException} if the file fails, and after it was closed.
 */
public final class DeploymentIndex implements AutoCloseable {

    private static final int REMOVED_AT_ONCE = 500;

    private final IndexStore store;

    private DeploymentIndex(IndexStore store) {
        this.store = store;
    }

    /**
     * Opens the index. A file that is damaged, locked by another process, or was written by another version is set aside.
     *
     * @param path the file
     * @param clock gives the names of files that are set aside
     * @return the index; empty if there was no usable file
     * @throws IOException if there can be no such file
     */
    public static DeploymentIndex open(Path path, Clock clock) throws IOException {
        return new DeploymentIndex(IndexStore.open(path, clock));
    }

    /** @return an empty index that is gone when it is closed */
    public static DeploymentIndex inMemory() {
        return new DeploymentIndex(IndexStore.inMemory());
    }

    /** @return whether all deployments are in it; if not, somebody has to look through the builds */
    public boolean isComplete() {
        return store.isComplete();
    }

    /** Says that all deployments are in it now. */
    public void markComplete() {
        store.markComplete();
    }

    /**
     * Puts a deployment in, or in the place of what there was of it.
     *
     * @param summary its newest state
     * @return whether that changed anything
     */
    public boolean put(DeploymentSummary summary) {
        return store.write(tables -> tables.put(summary));
    }

    /**
     * Puts in what was found on disk, unless the index has learned of something else in the meantime.
     *
     * @param seen what {@link #find} gave before the file was read
     * @param found what was in the file; empty if there is none
     * @return whether that changed anything
     */
    public boolean correct(Optional<DeploymentSummary> seen, Optional<DeploymentSummary> found) {
        return store.write(tables -> {
            Optional<Long> id = seen.or(() -> found).map(DeploymentSummary::id);
            if (id.isEmpty() || !look(tables, id.get()).equals(seen)) {
                return false;
            }
            return found.map(tables::put).orElseGet(() -> tables.remove(id.get()));
        });
    }

    /**
     * Takes a deployment out.
     *
     * @param id its id
     * @return whether it was there
     */
    public boolean remove(long id) {
        return store.write(tables -> tables.remove(id));
    }

    /**
     * Takes the deployments of a build out.
     *
     * @param job the full name of the job
     * @param build the number of the build
     * @return whether there were any
     */
    public boolean removeBuild(String job, int build) {
        return store.write(tables -> {
            boolean any = false;
            for (int key : tables.jobs().in(DeploymentScope.job(job)).keySet()) {
                for (long id : tables.ofBuilds(key, build, build, Integer.MAX_VALUE)) {
                    any |= tables.remove(id);
                }
            }
            return any;
        });
    }

    /**
     * Takes the deployments of jobs out. That takes no longer for many deployments than for few; {@link #purge} makes use
     * of the room.
     *
     * @param scope which jobs
     * @return whether there were any
     */
    public boolean removeJobs(DeploymentScope scope) {
        return store.write(tables -> {
            Set<String> names = Set.copyOf(tables.jobs().in(scope).values());
            names.forEach(tables.jobs()::delete);
            return !names.isEmpty();
        });
    }

    /**
     * Lets the deployments of a job follow it. That takes no longer for many than for few.
     *
     * @param from the former full name of the job
     * @param to its full name now
     * @return whether it had any
     */
    public boolean renameJob(String from, String to) {
        return store.write(tables -> tables.jobs().rename(from, to));
    }

    /**
     * Removes some of what {@link #removeJobs} has left behind; that many at once that nobody has to wait for long.
     *
     * @return whether there is more
     */
    public boolean purge() {
        return store.write(tables -> {
            List<Integer> deleted = tables.jobs().deleted();
            if (deleted.isEmpty()) {
                return false;
            }
            int job = deleted.get(0);
            List<Long> ids = tables.ofBuilds(job, 0, Integer.MAX_VALUE, REMOVED_AT_ONCE);
            ids.forEach(tables::remove);
            if (ids.size() < REMOVED_AT_ONCE) {
                tables.forgetJob(job);
            }
            return ids.size() == REMOVED_AT_ONCE || deleted.size() > 1;
        });
    }

    /**
     * @param id the id of a deployment
     * @return it; empty if it is not in the index
     */
    public Optional<DeploymentSummary> find(long id) {
        return store.read(tables -> look(tables, id));
    }

    private static Optional<DeploymentSummary> look(IndexTables tables, long id) {
        return Optional.ofNullable(tables.row(id))
                .flatMap(row -> Optional.ofNullable(tables.jobs().name(row.job()))
                        .map(job -> row.summary().inJob(job)));
    }

    /**
     * @param query what is wanted
     * @param readable says of the full name of a job whether its deployments may be in the list. Asked before the list is
     *     made and without a lock, once for each job that has deployments of the wanted environment and status
     * @return the list
     */
    public IndexPage page(DeploymentQuery query, Predicate<String> readable) {
        return search(query.filter(), readable, search -> search.page(query));
    }

    /**
     * @param filter what is wanted
     * @param readable as for {@link #page}
     * @return how many there are
     */
    public long count(DeploymentFilter filter, Predicate<String> readable) {
        return search(filter, readable, IndexSearch::count);
    }

    /**
     * @param scope where
     * @param readable as for {@link #page}
     * @return the environments that there are deployments to, by name
     */
    public List<EnvironmentSummary> environments(DeploymentScope scope, Predicate<String> readable) {
        return search(DeploymentFilter.in(scope), readable, IndexSearch::environments);
    }

    /**
     * @param scope where
     * @param readable as for {@link #page}
     * @return the same for each environment and each job by itself, by the name of the environment, then of the job
     */
    public List<EnvironmentSummary> environmentsOfJobs(DeploymentScope scope, Predicate<String> readable) {
        return search(DeploymentFilter.in(scope), readable, IndexSearch::environmentsOfJobs);
    }

    private <T> T search(DeploymentFilter filter, Predicate<String> readable, Function<IndexSearch, T> answer) {
        Map<Integer, String> jobs = store.read(
                tables -> new IndexSearch(tables, filter, tables.jobs().in(filter.scope())).jobs());
        jobs.values().removeIf(readable.negate());
        return store.read(tables -> answer.apply(new IndexSearch(tables, filter, jobs)));
    }

    /**
     * @param job the full name of a job
     * @return the highest number within the job that the index has ever heard of, 0 if none; empty if it was made anew and
     *     has not seen all
     */
    public OptionalInt highestIid(String job) {
        if (!store.wasComplete()) {
            return OptionalInt.empty();
        }
        return OptionalInt.of(store.read(tables -> tables.jobs().in(DeploymentScope.job(job)).keySet().stream()
                .mapToInt(tables::highestIid)
                .max()
                .orElse(0)));
    }

    /**
     * Keeps that all deployments of a job up to a number were seen, also those that are gone.
     *
     * @param job the full name of the job
     * @param iid the number
     */
    public void seen(String job, int iid) {
        store.write(tables -> {
            tables.reserveIid(tables.jobs().of(job), iid);
            return null;
        });
    }

    /** @return the highest id that the index has ever heard of; 0 if none */
    public long highestId() {
        return store.read(IndexTables::highestId);
    }

    /** Writes what has changed to disk, and from time to time gives back the room of what was replaced. */
    public void commit() {
        store.commit();
    }

    /** Gives back the room of what was replaced, as many changes leave a file that is mostly waste. */
    public void compact() {
        store.compact();
    }

    /** Writes what has changed to disk, and lets go of the file. */
    @Override
    public void close() {
        store.close();
    }

    /**
     * Lets go of the file after it has failed, and sets it aside.
     *
     * @param why what went wrong
     * @throws IOException if it cannot be set aside
     */
    public void abandon(Throwable why) throws IOException {
        store.abandon(why);
    }
}
