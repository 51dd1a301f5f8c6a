package io.jenkins.plugins.deploymentgate.benchmark;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** What was measured again and again. */
final class Samples implements Serializable {

    private static final long serialVersionUID = 1L;

    private final ArrayList<Double> values = new ArrayList<>();

    void add(double value) {
        values.add(value);
    }

    void addAll(Collection<Double> more) {
        values.addAll(more);
    }

    double median() {
        return percentile(50);
    }

    /** @return the least value that is not below so many percent of them */
    double percentile(int percent) {
        List<Double> sorted = values.stream().sorted().toList();
        if (sorted.isEmpty()) {
            throw new IllegalStateException("nothing was measured");
        }
        int rank = (int) Math.ceil(sorted.size() * percent / 100.0);
        return sorted.get(Math.max(rank, 1) - 1);
    }

    int size() {
        return values.size();
    }
}
