package io.jenkins.plugins.deploymentgate.benchmark;

import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentFilter;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentOrder;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentQuery;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentQuery.Position;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentRecord;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentScope;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentSummary;
import io.jenkins.plugins.deploymentgate.core.index.PostgreSqlServer;
import io.jenkins.plugins.deploymentgate.core.index.ReadModel;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whether lists stay as quick when there are many deployments. {@code ./mvnw verify -Pbenchmark} runs it and prints a
 * table. All sizes have the same twenty jobs and three environments.
 */
class IndexBenchmark {

    private static final List<Integer> SIZES = List.of(1_000, 10_000, 100_000);
    private static final int JOBS = 20;
    private static final List<String> ENVIRONMENTS = List.of("production", "review", "staging");
    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
    private static final DeploymentRecord RECORD = new DeploymentRecord(
            "x".repeat(2_500),
            new DeploymentRecord.Build(Optional.empty(), BEGIN, BEGIN, Optional.of(BEGIN), Optional.of("SUCCESS")));
    private static final int ROUNDS = 41;
    private static final int CALLS = 50;
    private static final int CHANGES = 500;
    private static final int BATCH = 1_000;

    @TempDir
    Path directory;

    @Test
    void showsWhatListsCost() throws IOException {
        Map<Integer, ReadModel> models = new TreeMap<>();
        try {
            for (int size : SIZES) {
                models.put(size, filled(ReadModel.open(directory.resolve(size + ".mv.db")), size));
            }
            Table table = new Table("Finished deployments", "1,000", "10,000", "100,000", "to 1,000", "to 1,000");
            calls(models).forEach((what, samples) -> table.row(row(what + ", ms", samples)));
            table.print();
        } finally {
            models.values().forEach(ReadModel::close);
        }
    }

    private static String[] row(String what, Map<Integer, Samples> samples) {
        // The quickest round says most of the list, and least of what else the machine does.
        List<Double> quick =
                samples.values().stream().map(one -> one.percentile(1)).toList();
        return new String[] {
            what,
            Table.number(quick.get(0)),
            Table.number(quick.get(1)),
            Table.number(quick.get(2)),
            Table.ratio(quick.get(1), quick.get(0)),
            Table.ratio(quick.get(2), quick.get(0))
        };
    }

    @Test
    void showsHowSoonAChangeIsInTheNextList() throws IOException {
        int size = SIZES.get(1);
        try (PostgreSqlServer server = PostgreSqlServer.start();
                ReadModel embedded = filled(ReadModel.open(directory.resolve("changed.mv.db")), size);
                ReadModel shared = filled(ReadModel.connect(server.address("benchmark")), size)) {
            Samples h2 = new Samples();
            Samples postgreSql = new Samples();
            for (int change = 0; change < CHANGES; change++) {
                long id = 1 + change % size;
                h2.add(changeAndList(embedded, id));
                postgreSql.add(changeAndList(shared, id));
            }
            Table table = new Table("A change, and the list that shows it", "H2", "PostgreSQL");
            table.row("median, ms", Table.number(h2.median()), Table.number(postgreSql.median()));
            table.row("p99, ms", Table.number(h2.percentile(99)), Table.number(postgreSql.percentile(99)));
            table.print();
        }
    }

    private static double changeAndList(ReadModel model, long id) {
        DeploymentSummary canceled = ended((int) id, Status.CANCELED);
        long begin = System.nanoTime();
        model.write(table -> table.put(canceled, RECORD));
        DeploymentFilter here = all().between(DeploymentOrder.ID, id, id);
        if (!model.page(latest(here), job -> true).entries().equals(List.of(canceled))) {
            throw new IllegalStateException(id + " is not in the list as it is");
        }
        return (System.nanoTime() - begin) / 1e6;
    }

    private static ReadModel filled(ReadModel model, int size) {
        for (int first = 1; first <= size; first += BATCH) {
            int from = first;
            model.write(table -> {
                for (int number = from; number < from + BATCH; number++) {
                    table.put(finished(number), RECORD);
                }
            });
        }
        return model;
    }

    private static DeploymentSummary finished(int number) {
        return ended(number, (number / JOBS + 1) % 10 == 0 ? Status.FAILED : Status.SUCCESS);
    }

    private static DeploymentSummary ended(int number, Status status) {
        int build = number / JOBS + 1;
        Instant created = BEGIN.plusSeconds(60L * number);
        return new DeploymentSummary(
                number,
                build,
                "team/job-" + number % JOBS,
                build,
                ENVIRONMENTS.get(build % ENVIRONMENTS.size()),
                "1.0." + build,
                "",
                status,
                null,
                List.of("alice"),
                List.of("bob", "carol"),
                0,
                created,
                created.plusSeconds(90),
                Optional.of(created.plusSeconds(90)));
    }

    private static Map<String, Map<Integer, Samples>> calls(Map<Integer, ReadModel> models) {
        Map<String, Map<Integer, Samples>> measured = new LinkedHashMap<>();
        // Once for the compiler, and once for the table.
        for (int pass = 0; pass < 2; pass++) {
            measured.clear();
            measured.put("the latest 20 of all", rounds(models, model -> page(model, latest(all()))));
            measured.put("the latest 20 of one job", rounds(models, model -> page(model, latest(job()))));
            measured.put(
                    "20 by time of their last change",
                    rounds(models, model -> page(model, by(DeploymentOrder.UPDATED_AT))));
            measured.put("the latest 20 that failed in production", rounds(models, model -> page(model, failed())));
            measured.put("20 from the middle, by keyset", rounds(models, IndexBenchmark::middle));
            measured.put("the records of 20, for REST", rounds(models, IndexBenchmark::records));
            measured.put("how many succeeded", rounds(models, model -> count(model, all())));
            measured.put("how many of one job succeeded", rounds(models, model -> count(model, job())));
        }
        return measured;
    }

    private static Map<Integer, Samples> rounds(Map<Integer, ReadModel> models, Consumer<ReadModel> call) {
        Map<Integer, Samples> samples = new TreeMap<>();
        for (int round = 0; round < ROUNDS; round++) {
            models.forEach((size, model) -> {
                long begin = System.nanoTime();
                for (int repeat = 0; repeat < CALLS; repeat++) {
                    call.accept(model);
                }
                samples.computeIfAbsent(size, key -> new Samples()).add((System.nanoTime() - begin) / 1e6 / CALLS);
            });
        }
        return samples;
    }

    private static DeploymentFilter all() {
        return DeploymentFilter.in(DeploymentScope.EVERYWHERE);
    }

    private static DeploymentFilter job() {
        return DeploymentFilter.in(DeploymentScope.job("team/job-7"));
    }

    private static DeploymentQuery latest(DeploymentFilter filter) {
        return DeploymentQuery.latest(filter, 20);
    }

    private static DeploymentQuery by(DeploymentOrder order) {
        return new DeploymentQuery(all(), order, true, 0, 20);
    }

    private static DeploymentQuery failed() {
        return latest(all().to("production").with(Status.FAILED));
    }

    private static void page(ReadModel model, DeploymentQuery query) {
        int there = model.page(query, job -> true).entries().size();
        if (there != 20) {
            throw new IllegalStateException(query + " found " + there);
        }
    }

    private static void middle(ReadModel model) {
        DeploymentSummary middle =
                model.find(model.count(all(), job -> true) / 2).orElseThrow();
        page(model, by(DeploymentOrder.UPDATED_AT).after(Position.of(middle, DeploymentOrder.UPDATED_AT)));
    }

    private static void records(ReadModel model) {
        List<Long> ids = LongStream.rangeClosed(501, 520).boxed().toList();
        if (model.records(ids).size() != ids.size()) {
            throw new IllegalStateException("records are missing");
        }
    }

    private static void count(ReadModel model, DeploymentFilter filter) {
        if (model.count(filter.with(Status.SUCCESS), job -> true) == 0) {
            throw new IllegalStateException(filter + " found nothing");
        }
    }
}
