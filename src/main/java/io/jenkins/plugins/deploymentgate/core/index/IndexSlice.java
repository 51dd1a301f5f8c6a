package io.jenkins.plugins.deploymentgate.core.index;

import java.util.Collections;
import java.util.Iterator;
import org.h2.mvstore.MVMap;

/**
 * A part of a table of the index, without a gap. The tables know at which place a key is, so that counting and leaving out
 * take no longer for many keys than for few.
 */
final class IndexSlice {

    private final MVMap<IndexKey, Boolean> table;
    private final IndexKey from;
    private final IndexKey to;

    /**
     * @param table a table
     * @param range what the keys have in common
     * @param from the least value
     * @param to the greatest
     */
    IndexSlice(MVMap<IndexKey, Boolean> table, IndexKey range, long from, long to) {
        this.table = table;
        this.from = range.at(from, 0);
        this.to = range.at(to, Long.MAX_VALUE);
    }

    long count() {
        return Math.max(0, place(to) - place(from));
    }

    /**
     * @param descending whether the last comes first
     * @param skip how many to leave out
     * @return the keys; to be used up before anything in the table changes
     */
    Iterator<IndexKey> keys(boolean descending, long skip) {
        if (skip >= count()) {
            return Collections.emptyIterator();
        }
        IndexKey first = table.getKey(descending ? place(to) - 1 - skip : place(from) + skip);
        return table.cursor(first, descending ? from : to, descending);
    }

    /** @return how many keys of the whole table are less than this, which is an end and no key itself */
    private long place(IndexKey end) {
        long index = table.getKeyIndex(end);
        return index < 0 ? -index - 1 : index;
    }
}
