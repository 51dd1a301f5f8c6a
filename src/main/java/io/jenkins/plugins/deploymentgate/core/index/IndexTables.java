package io.jenkins.plugins.deploymentgate.core.index;

import io.jenkins.plugins.deploymentgate.core.index.DeploymentFilter.Range;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.type.BasicDataType;
import org.h2.mvstore.type.IntegerDataType;
import org.h2.mvstore.type.LongDataType;
import org.h2.mvstore.type.StringDataType;

/**
 * The tables of the index: the rows by id, and for each way of looking for them a table of keys.
 *
 * <p>Each row has two keys in each table that something can be ordered by: one for all deployments, and one for those of
 * the same job, environment and status, which together are called a cell. How many rows a cell has is kept as well. So
 * lists and counts for jobs, environments and statuses are put together from cells.
 *
 * <p>Called with the lock of the index held; changes are in memory until the store is committed.
 */
final class IndexTables {

    /** The tables of keys. */
    private enum Table {
        ID,
        IID,
        CREATED_AT,
        UPDATED_AT,
        FINISHED_AT,
        BUILD,
        REQUESTER,
        VOTER
    }

    private record Place(Table table, IndexKey key) {}

    private static final String HIGHEST_ID = "highest id";

    private final MVMap<Long, IndexRow> rows;
    private final MVMap<IndexKey, Integer> cells;
    private final MVMap<Integer, Integer> highestIids;
    private final MVMap<String, String> facts;
    private final Map<Table, MVMap<IndexKey, Boolean>> keys = new EnumMap<>(Table.class);
    private final JobKeys jobs;

    IndexTables(MVStore store) {
        IntegerDataType integers = IntegerDataType.INSTANCE;
        rows = open(store, "rows", LongDataType.INSTANCE, new IndexRowType());
        cells = open(store, "cells", new IndexKeyType(), integers);
        highestIids = open(store, "highest iids", integers, integers);
        facts = open(store, "facts", StringDataType.INSTANCE, StringDataType.INSTANCE);
        for (Table table : Table.values()) {
            keys.put(table, open(store, table.name(), new IndexKeyType(), new PresenceType()));
        }
        jobs = new JobKeys(open(store, "jobs", integers, StringDataType.INSTANCE));
    }

    private static <K, V> MVMap<K, V> open(
            MVStore store, String name, BasicDataType<K> keyType, BasicDataType<V> valueType) {
        return store.openMap(name, new MVMap.Builder<K, V>().keyType(keyType).valueType(valueType));
    }

    JobKeys jobs() {
        return jobs;
    }

    /** @return how many rows each cell has */
    MVMap<IndexKey, Integer> cells() {
        return cells;
    }

    /** @return what else there is to know about the index */
    MVMap<String, String> facts() {
        return facts;
    }

    int size() {
        return rows.size();
    }

    /** @return null if there is no such row */
    IndexRow row(long id) {
        return rows.get(id);
    }

    /** @return whether anything has changed */
    boolean put(DeploymentSummary summary) {
        IndexRow row = new IndexRow(jobs.of(summary.job()), summary);
        IndexRow before = rows.get(row.id());
        if (row.equals(before)) {
            return false;
        }
        highestIids.put(row.job(), Math.max(highestIids.getOrDefault(row.job(), 0), summary.iid()));
        if (row.id() > highestId()) {
            facts.put(HIGHEST_ID, String.valueOf(row.id()));
        }
        replace(before, row);
        return true;
    }

    /** @return whether there was such a row */
    boolean remove(long id) {
        IndexRow before = rows.get(id);
        if (before == null) {
            return false;
        }
        replace(before, null);
        return true;
    }

    private void replace(IndexRow before, IndexRow after) {
        Set<Place> old = places(before);
        Set<Place> wanted = places(after);
        old.stream()
                .filter(place -> !wanted.contains(place))
                .forEach(place -> keys.get(place.table()).remove(place.key()));
        wanted.stream()
                .filter(place -> !old.contains(place))
                .forEach(place -> keys.get(place.table()).put(place.key(), Boolean.TRUE));
        if (before != null) {
            count(before.cell(), -1);
        }
        if (after == null) {
            rows.remove(before.id());
        } else {
            rows.put(after.id(), after);
            count(after.cell(), 1);
        }
    }

    private void count(IndexKey cell, int more) {
        int count = cells.getOrDefault(cell, 0) + more;
        if (count == 0) {
            cells.remove(cell);
        } else {
            cells.put(cell, count);
        }
    }

    private static Set<Place> places(IndexRow row) {
        Set<Place> places = new HashSet<>();
        if (row == null) {
            return places;
        }
        long id = row.id();
        DeploymentSummary summary = row.summary();
        for (DeploymentOrder order : DeploymentOrder.values()) {
            if (order != DeploymentOrder.REF) {
                long value = order.valueOf(summary);
                places.add(new Place(table(order), IndexKey.ANY.at(value, id)));
                places.add(new Place(table(order), row.cell().at(value, id)));
            }
        }
        places.add(new Place(Table.BUILD, new IndexKey(0, row.job(), "", summary.build(), id)));
        summary.requesters().forEach(person -> places.add(new Place(Table.REQUESTER, person(person, id))));
        summary.voters().forEach(person -> places.add(new Place(Table.VOTER, person(person, id))));
        return places;
    }

    private static IndexKey person(String person, long id) {
        return new IndexKey(0, 0, person, 0, id);
    }

    /** Within one name of a job, deployments are ordered by id. */
    private static Table table(DeploymentOrder order) {
        return order == DeploymentOrder.REF ? Table.ID : Table.valueOf(order.name());
    }

    /**
     * @param order what the slice is ordered by
     * @param range a cell, or {@link IndexKey#ANY}
     * @param values what it is limited to
     */
    IndexSlice slice(DeploymentOrder order, IndexKey range, Range values) {
        return new IndexSlice(keys.get(table(order)), range, values.from(), values.to());
    }

    IndexSlice requestedBy(String person) {
        return new IndexSlice(keys.get(Table.REQUESTER), person(person, 0), 0, 0);
    }

    IndexSlice votedOnBy(String person) {
        return new IndexSlice(keys.get(Table.VOTER), person(person, 0), 0, 0);
    }

    /** @return the ids of the deployments of a job's builds in that range */
    List<Long> ofBuilds(int job, long from, long to, int limit) {
        List<Long> ids = new ArrayList<>();
        Iterator<IndexKey> found =
                new IndexSlice(keys.get(Table.BUILD), new IndexKey(0, job, "", 0, 0), from, to).keys(false, 0);
        while (found.hasNext() && ids.size() < limit) {
            ids.add(found.next().id());
        }
        return ids;
    }

    int highestIid(int job) {
        return highestIids.getOrDefault(job, 0);
    }

    /** Keeps that the numbers of a job up to this one are given, whatever became of those deployments. */
    void reserveIid(int job, int iid) {
        highestIids.put(job, Math.max(highestIid(job), iid));
    }

    void forgetJob(int job) {
        highestIids.remove(job);
        jobs.forget(job);
    }

    long highestId() {
        return Long.parseLong(facts.getOrDefault(HIGHEST_ID, "0"));
    }
}
