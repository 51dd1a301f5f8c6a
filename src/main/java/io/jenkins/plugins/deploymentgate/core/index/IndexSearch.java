package io.jenkins.plugins.deploymentgate.core.index;

import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentFilter.Range;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Finds deployments in the tables of the index.
 *
 * <p>What is limited by jobs, environment and status, and by a range of what the list is ordered by, is put together from
 * cells: its length is a sum, and a page takes as long as there are cells, and as its offset is great. Where the list is
 * all there is, or one cell, the offset makes no difference. What is limited otherwise, by people or by another range, is
 * looked for row by row in the smallest part of a table that holds it all.
 *
 * <p>Called with the lock of the index held.
 */
final class IndexSearch {

    private static final Range ALL = new Range(Range.EARLIEST, Long.MAX_VALUE);

    /** Up to here, cells are looked at one by one without thinking of another way. */
    private static final int FEW = 64;

    private final IndexTables tables;
    private final DeploymentFilter filter;
    private final Map<Integer, String> jobs;
    private final List<IndexKey> cells = new ArrayList<>();
    private long inCells;

    /**
     * @param tables where to look
     * @param filter what for; its scope has been turned into
     * @param jobs the keys and names of the jobs where
     */
    IndexSearch(IndexTables tables, DeploymentFilter filter, Map<Integer, String> jobs) {
        this.tables = tables;
        this.filter = filter;
        this.jobs = jobs;
        List<Status> statuses = filter.status().map(List::of).orElse(List.of(Status.values()));
        boolean fewJobs = jobs.size() < tables.cells().size() / FEW + 2;
        for (Status status : statuses) {
            if (fewJobs) {
                jobs.keySet()
                        .forEach(job -> collect(IndexKey.cell(status, job, ""), IndexKey.cell(status, job + 1, "")));
            } else {
                collect(IndexKey.cell(status, 0, ""), IndexKey.cell(status, Integer.MAX_VALUE, ""));
            }
        }
    }

    private void collect(IndexKey from, IndexKey to) {
        var cursor = tables.cells().cursor(from, to, false);
        while (cursor.hasNext()) {
            IndexKey cell = cursor.next();
            boolean wanted = jobs.containsKey(cell.job())
                    && filter.environment()
                            .filter(name -> !name.equals(cell.name()))
                            .isEmpty();
            if (wanted) {
                cells.add(cell);
                inCells += cursor.getValue();
            }
        }
    }

    /** @return the jobs in which there are deployments of that environment and status */
    Map<Integer, String> jobs() {
        Map<Integer, String> found = new TreeMap<>();
        cells.forEach(cell -> found.put(cell.job(), jobs.get(cell.job())));
        return found;
    }

    long count() {
        DeploymentOrder order = filter.ranges().keySet().stream().findFirst().orElse(DeploymentOrder.ID);
        return page(new DeploymentQuery(filter, order, false, 0, 0)).total();
    }

    IndexPage page(DeploymentQuery query) {
        DeploymentOrder order = query.order() == DeploymentOrder.REF ? DeploymentOrder.ID : query.order();
        boolean otherRanges = filter.ranges().keySet().stream().anyMatch(limited -> limited != order);
        if (otherRanges || filter.requester().isPresent() || filter.voter().isPresent()) {
            return sift(query);
        }
        Range range = filter.ranges().getOrDefault(order, ALL);
        boolean everything = inCells == tables.size();
        long total = inCells;
        if (range != ALL) {
            total = everything
                    ? tables.slice(order, IndexKey.ANY, range).count()
                    : cells.stream()
                            .mapToLong(cell -> tables.slice(order, cell, range).count())
                            .sum();
        }
        if (query.limit() == 0 || query.offset() >= total) {
            return new IndexPage(List.of(), total);
        } else if (query.order() != DeploymentOrder.REF && (everything || cells.size() == 1)) {
            IndexSlice slice = tables.slice(order, everything ? IndexKey.ANY : cells.get(0), range);
            return new IndexPage(take(slice.keys(query.descending(), query.offset()), query.limit()), total);
        }
        Optional<List<DeploymentSummary>> entries = Optional.empty();
        if (query.order() != DeploymentOrder.REF && cells.size() > FEW) {
            entries = glance(query, range);
        }
        return new IndexPage(entries.orElseGet(() -> merge(query, range)), total);
    }

    /** Goes through all deployments in the hope that there are enough of the wanted ones; gives up before that is slow. */
    private Optional<List<DeploymentSummary>> glance(DeploymentQuery query, Range range) {
        Iterator<IndexKey> all =
                tables.slice(query.order(), IndexKey.ANY, range).keys(query.descending(), 0);
        List<DeploymentSummary> found = new ArrayList<>();
        long toSkip = query.offset();
        for (int looked = 0; all.hasNext() && found.size() < query.limit(); looked++) {
            if (looked == cells.size()) {
                return Optional.empty();
            }
            DeploymentSummary summary = accepted(all.next()).orElse(null);
            if (summary != null && toSkip-- <= 0) {
                found.add(summary);
            }
        }
        return Optional.of(found);
    }

    private List<DeploymentSummary> merge(DeploymentQuery query, Range range) {
        IndexMerge merge = new IndexMerge(query.descending());
        cells.forEach(cell ->
                merge.add(query.order().groupOf(jobs.get(cell.job())), tables.slice(query.order(), cell, range)));
        for (long skipped = 0; skipped < query.offset() && merge.hasNext(); skipped++) {
            merge.next();
        }
        return take(merge, query.limit());
    }

    private List<DeploymentSummary> take(Iterator<IndexKey> keys, int limit) {
        List<DeploymentSummary> taken = new ArrayList<>();
        while (keys.hasNext() && taken.size() < limit) {
            taken.add(summary(keys.next()));
        }
        return taken;
    }

    /** Looks at each row of the smallest part of a table that holds all that is wanted. */
    private IndexPage sift(DeploymentQuery query) {
        List<List<IndexSlice>> parts = new ArrayList<>();
        filter.requester().ifPresent(person -> parts.add(List.of(tables.requestedBy(person))));
        filter.voter().ifPresent(person -> parts.add(List.of(tables.votedOnBy(person))));
        filter.ranges().forEach((order, range) -> {
            parts.add(List.of(tables.slice(order, IndexKey.ANY, range)));
            if (cells.size() <= FEW) {
                parts.add(slices(order, range));
            }
        });
        List<IndexSlice> smallest = Collections.min(parts, Comparator.comparingLong(IndexSearch::size));
        if (inCells + cells.size() < size(smallest)) {
            smallest = slices(DeploymentOrder.ID, ALL);
        }
        long kept = query.offset() + query.limit();
        PriorityQueue<DeploymentSummary> first =
                new PriorityQueue<>(query.comparator().reversed());
        long total = 0;
        for (IndexSlice slice : smallest) {
            Iterator<IndexKey> keys = slice.keys(false, 0);
            while (keys.hasNext()) {
                DeploymentSummary summary = accepted(keys.next()).orElse(null);
                if (summary != null) {
                    total++;
                    first.add(summary);
                    if (first.size() > kept) {
                        first.remove();
                    }
                }
            }
        }
        return new IndexPage(
                first.stream().sorted(query.comparator()).skip(query.offset()).toList(), total);
    }

    private static long size(List<IndexSlice> part) {
        return part.stream().mapToLong(IndexSlice::count).sum();
    }

    private List<IndexSlice> slices(DeploymentOrder order, Range range) {
        return cells.stream().map(cell -> tables.slice(order, cell, range)).toList();
    }

    /** @return the environments of these deployments, by name */
    List<EnvironmentSummary> environments() {
        return environments(DeploymentSummary::environment);
    }

    /** @return the environments of these deployments, each job by itself, by the name of the environment, then of the job */
    List<EnvironmentSummary> environmentsOfJobs() {
        return environments(last -> last.environment() + "\0" + last.job());
    }

    private List<EnvironmentSummary> environments(Function<DeploymentSummary, String> group) {
        Map<String, EnvironmentSummary> found = new TreeMap<>();
        for (IndexKey cell : cells) {
            DeploymentSummary last = summary(
                    tables.slice(DeploymentOrder.ID, cell, ALL).keys(true, 0).next());
            Optional<DeploymentSummary> succeeded = Optional.of(last).filter(one -> one.status() == Status.SUCCESS);
            found.merge(
                    group.apply(last),
                    new EnvironmentSummary(cell.name(), last, succeeded),
                    (one, other) -> new EnvironmentSummary(
                            cell.name(),
                            latest(Stream.of(one.latest(), other.latest())).orElseThrow(),
                            latest(Stream.of(one.latestSuccessful(), other.latestSuccessful())
                                    .flatMap(Optional::stream))));
        }
        return List.copyOf(found.values());
    }

    private static Optional<DeploymentSummary> latest(Stream<DeploymentSummary> some) {
        return some.max(Comparator.comparingLong(DeploymentSummary::id));
    }

    private Optional<DeploymentSummary> accepted(IndexKey key) {
        IndexRow row = row(key);
        return Optional.ofNullable(jobs.get(row.job()))
                .map(job -> row.summary().inJob(job))
                .filter(filter::accepts);
    }

    private DeploymentSummary summary(IndexKey key) {
        IndexRow row = row(key);
        return row.summary().inJob(jobs.get(row.job()));
    }

    private IndexRow row(IndexKey key) {
        IndexRow row = tables.row(key.id());
        if (row == null) {
            throw new IllegalStateException("the index has a key of deployment " + key.id() + " and no row");
        }
        return row;
    }
}
