package io.jenkins.plugins.deploymentgate.core.index;

import java.util.Comparator;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;

/** Makes one list of several slices of the index, in the order of all their keys. */
final class IndexMerge implements Iterator<IndexKey> {

    /** A slice, and how far it was read. */
    private static final class Head {
        private final String group;
        private final Iterator<IndexKey> rest;
        private IndexKey key;

        Head(String group, Iterator<IndexKey> keys) {
            this.group = group;
            this.rest = keys;
            this.key = keys.next();
        }
    }

    private final boolean descending;
    private final PriorityQueue<Head> heads;

    /** @param descending whether the last comes first */
    IndexMerge(boolean descending) {
        Comparator<Head> order = Comparator.<Head, String>comparing(head -> head.group)
                .thenComparing((a, b) -> a.key.compareLast(b.key));
        this.descending = descending;
        this.heads = new PriorityQueue<>(descending ? order.reversed() : order);
    }

    /**
     * @param group what is compared before the keys are
     * @param slice what to add
     */
    void add(String group, IndexSlice slice) {
        Iterator<IndexKey> keys = slice.keys(descending, 0);
        if (keys.hasNext()) {
            heads.add(new Head(group, keys));
        }
    }

    @Override
    public boolean hasNext() {
        return !heads.isEmpty();
    }

    @Override
    public IndexKey next() {
        Head head = heads.poll();
        if (head == null) {
            throw new NoSuchElementException();
        }
        IndexKey next = head.key;
        if (head.rest.hasNext()) {
            head.key = head.rest.next();
            heads.add(head);
        }
        return next;
    }
}
