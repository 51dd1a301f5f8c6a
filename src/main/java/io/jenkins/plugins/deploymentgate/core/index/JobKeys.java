package io.jenkins.plugins.deploymentgate.core.index;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.h2.mvstore.MVMap;

/**
 * The keys by which the index knows jobs. A name may have several, when builds of a job that was moved have spoken before
 * the move did. A key without a name belongs to a job that was deleted, and to rows that wait to be removed.
 *
 * <p>The names of all jobs are in memory too. Called with the lock of the index held.
 */
final class JobKeys {

    private static final String DELETED = "";

    private final MVMap<Integer, String> names;
    private final NavigableMap<String, TreeSet<Integer>> keys = new TreeMap<>();
    private int highest;

    JobKeys(MVMap<Integer, String> names) {
        this.names = names;
        this.highest = names.isEmpty() ? 0 : names.lastKey();
        names.forEach(this::learn);
    }

    private void learn(int key, String name) {
        if (!name.equals(DELETED)) {
            keys.computeIfAbsent(name, none -> new TreeSet<>()).add(key);
        }
    }

    /**
     * A key that was set free is not given again before the file is opened anew: somebody may have asked already whether
     * the former job of that key may be shown, and not looked at its deployments yet.
     *
     * @return the key to put deployments of that job under
     */
    int of(String job) {
        TreeSet<Integer> known = keys.get(job);
        if (known != null) {
            return known.first();
        }
        highest++;
        names.put(highest, job);
        learn(highest, job);
        return highest;
    }

    /** @return the name of a job; null if it was deleted */
    String name(int key) {
        String name = names.get(key);
        return DELETED.equals(name) ? null : name;
    }

    /** @return the keys of the jobs there, with their names */
    Map<Integer, String> in(DeploymentScope scope) {
        Map<String, TreeSet<Integer>> there = keys;
        if (!scope.below()) {
            there = Map.of(scope.name(), keys.getOrDefault(scope.name(), new TreeSet<>()));
        } else if (!scope.name().isEmpty()) {
            // In the order of characters, 0 is the one after the slash.
            there = keys.subMap(scope.name() + "/", scope.name() + "0");
        }
        Map<Integer, String> found = new TreeMap<>();
        there.forEach((name, all) -> all.forEach(key -> found.put(key, name)));
        return found;
    }

    /** @return whether there was such a job */
    boolean rename(String from, String to) {
        TreeSet<Integer> renamed = keys.remove(from);
        if (renamed == null) {
            return false;
        }
        for (int key : renamed) {
            names.put(key, to);
            learn(key, to);
        }
        return true;
    }

    /** @return whether there was such a job */
    boolean delete(String job) {
        TreeSet<Integer> deleted = keys.remove(job);
        if (deleted == null) {
            return false;
        }
        deleted.forEach(key -> names.put(key, DELETED));
        return true;
    }

    /** @return the keys of deleted jobs */
    List<Integer> deleted() {
        List<Integer> found = new ArrayList<>();
        names.forEach((key, name) -> {
            if (name.equals(DELETED)) {
                found.add(key);
            }
        });
        return found;
    }

    /** Gives a key of a deleted job free. */
    void forget(int key) {
        names.remove(key);
    }
}
