package io.jenkins.plugins.deploymentgate.benchmark;

import static java.util.Comparator.comparingInt;

import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentFilter;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentIndex;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentOrder;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentQuery;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentScope;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentSummary;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whether lists stay as quick when there are many deployments. {@code ./mvnw verify -Pbenchmark} runs it and prints a
 * table. All sizes have the same twenty jobs and three environments, because a list costs one step for each of these that
 * the caller may read.
 */
class IndexBenchmark {

    private static final List<Integer> SIZES = List.of(1_000, 10_000, 100_000);
    private static final int JOBS = 20;
    private static final List<String> ENVIRONMENTS = List.of("production", "review", "staging");
    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
    private static final int ROUNDS = 41;
    private static final int CALLS = 200;
    private static final int OPENINGS = 21;

    @TempDir
    Path directory;

    @Test
    void showsWhatListsCost() throws IOException {
        Map<Integer, Path> files = new TreeMap<>(comparingInt(Integer::intValue));
        for (int size : SIZES) {
            files.put(size, filled(size));
        }
        Table table = new Table("Finished deployments", "1,000", "10,000", "100,000", "to 1,000", "to 1,000");
        calls(files).forEach((what, samples) -> table.row(row(what + ", µs", samples)));
        table.row(row("opening the index, ms", openings(files)));
        table.print();
    }

    private static String[] row(String what, Map<Integer, Samples> samples) {
        List<Double> medians = samples.values().stream().map(Samples::median).toList();
        return new String[] {
            what,
            Table.number(medians.get(0)),
            Table.number(medians.get(1)),
            Table.number(medians.get(2)),
            Table.ratio(medians.get(1), medians.get(0)),
            Table.ratio(medians.get(2), medians.get(0))
        };
    }

    private Path filled(int size) throws IOException {
        Path file = directory.resolve(size + ".mv");
        try (DeploymentIndex index = open(file)) {
            for (int number = 1; number <= size; number++) {
                index.put(finished(number));
                if (number % 1_000 == 0) {
                    index.commit();
                }
            }
            index.markComplete();
            index.commit();
            index.compact();
        }
        return file;
    }

    private static DeploymentIndex open(Path file) throws IOException {
        return DeploymentIndex.open(file, Clock.systemUTC());
    }

    private static DeploymentSummary finished(int number) {
        int build = number / JOBS + 1;
        Instant created = BEGIN.plusSeconds(60L * number);
        return new DeploymentSummary(
                number,
                build,
                "team/job-" + number % JOBS,
                build,
                ENVIRONMENTS.get(build % ENVIRONMENTS.size()),
                "1.0." + build,
                build % 10 == 0 ? Status.FAILED : Status.SUCCESS,
                null,
                List.of("alice"),
                List.of("bob", "carol"),
                0,
                created,
                created.plusSeconds(90),
                Optional.of(created.plusSeconds(90)));
    }

    private static Map<String, Map<Integer, Samples>> calls(Map<Integer, Path> files) throws IOException {
        Map<String, Map<Integer, Samples>> measured = new LinkedHashMap<>();
        Map<Integer, DeploymentIndex> indexes = new TreeMap<>();
        try {
            for (Map.Entry<Integer, Path> file : files.entrySet()) {
                indexes.put(file.getKey(), open(file.getValue()));
            }
            // Once for the compiler, and once for the table.
            for (int pass = 0; pass < 2; pass++) {
                measured.clear();
                measured.put("the latest 20 of all", rounds(indexes, IndexBenchmark::latest));
                measured.put("20 in the middle, by time of creation", rounds(indexes, IndexBenchmark::middle));
                measured.put("the latest 20 that failed in production", rounds(indexes, IndexBenchmark::failed));
                measured.put("how many succeeded", rounds(indexes, IndexBenchmark::count));
            }
        } finally {
            indexes.values().forEach(DeploymentIndex::close);
        }
        return measured;
    }

    private static Map<Integer, Samples> rounds(Map<Integer, DeploymentIndex> indexes, Consumer<DeploymentIndex> call) {
        Map<Integer, Samples> samples = new TreeMap<>();
        for (int round = 0; round < ROUNDS; round++) {
            indexes.forEach((size, index) -> {
                long begin = System.nanoTime();
                for (int repeat = 0; repeat < CALLS; repeat++) {
                    call.accept(index);
                }
                samples.computeIfAbsent(size, key -> new Samples()).add((System.nanoTime() - begin) / 1e3 / CALLS);
            });
        }
        return samples;
    }

    private static void latest(DeploymentIndex index) {
        expect(20, page(index, DeploymentQuery.latest(all(), 20)));
    }

    private static void middle(DeploymentIndex index) {
        expect(
                20,
                page(index, new DeploymentQuery(all(), DeploymentOrder.CREATED_AT, true, index.highestId() / 2, 20)));
    }

    private static void failed(DeploymentIndex index) {
        expect(20, page(index, DeploymentQuery.latest(all().to("production").with(Status.FAILED), 20)));
    }

    private static void count(DeploymentIndex index) {
        long succeeded = index.count(all().with(Status.SUCCESS), job -> true);
        expect(index.highestId() * 9 / 10, succeeded - succeeded % 10);
    }

    private static DeploymentFilter all() {
        return DeploymentFilter.in(DeploymentScope.EVERYWHERE);
    }

    private static long page(DeploymentIndex index, DeploymentQuery query) {
        return index.page(query, job -> true).entries().size();
    }

    /** What is not used might not be done. */
    private static void expect(long wanted, long there) {
        if (Math.abs(wanted - there) > wanted / 10) {
            throw new IllegalStateException("not " + wanted + " but " + there);
        }
    }

    private static Map<Integer, Samples> openings(Map<Integer, Path> files) throws IOException {
        Map<Integer, Samples> samples = new TreeMap<>();
        for (int round = -OPENINGS; round < OPENINGS; round++) {
            for (Map.Entry<Integer, Path> file : files.entrySet()) {
                long begin = System.nanoTime();
                DeploymentIndex index = open(file.getValue());
                double took = (System.nanoTime() - begin) / 1e6;
                index.close();
                if (round >= 0) {
                    samples.computeIfAbsent(file.getKey(), key -> new Samples()).add(took);
                }
            }
        }
        return samples;
    }
}
