package io.jenkins.plugins.deploymentgate.core.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import org.opentest4j.TestAbortedException;

/** Whatever happens to deployments and jobs, the read model answers as a plain list would, on both databases. */
class ReadModelPropertiesTest {

    @CheckForNull
    private static PostgreSqlServer server;

    private static int controllers;

    @AfterContainer
    static void stopServer() throws IOException {
        if (server != null) {
            server.close();
            server = null;
        }
    }

    private interface Opener {
        ReadModel open() throws IOException;
    }

    /** The read model, and the list that it is compared with. */
    private static final class Pair implements AutoCloseable {
        private final Map<Long, DeploymentSummary> list = new TreeMap<>();
        private final Map<Long, DeploymentRecord> records = new TreeMap<>();
        private final Opener opener;
        private ReadModel model;

        Pair(Opener opener) throws IOException {
            this.opener = opener;
            model = opener.open();
            model.setComplete(true);
        }

        void change(Random random, int ids) throws IOException {
            long id = 1 + random.nextInt(ids);
            String job = Summaries.JOBS.get(random.nextInt(Summaries.JOBS.size()));
            switch (random.nextInt(20)) {
                case 0 -> {
                    list.remove(id);
                    model.write(table -> table.remove(id));
                }
                case 1 -> {
                    int build = 1 + random.nextInt(5);
                    model.write(table -> table.removeBuild(job, build));
                    list.values().removeIf(one -> one.job().equals(job) && one.build() == build);
                }
                case 2 -> {
                    model.write(table -> table.removeJobs(DeploymentScope.job(job)));
                    list.values().removeIf(one -> one.job().equals(job));
                }
                case 3 -> {
                    String to = Summaries.JOBS.get(random.nextInt(Summaries.JOBS.size()));
                    model.write(table -> table.renameJob(job, to));
                    list.replaceAll((any, one) -> one.job().equals(job) ? Summaries.inJob(one, to) : one);
                }
                case 4 -> {
                    if (random.nextInt(8) == 0) {
                        model.close();
                        model = opener.open();
                        assertTrue(model.isComplete());
                    }
                }
                case 5 -> {
                    int build = 1 + random.nextInt(5);
                    DeploymentRecord.Build ended = new DeploymentRecord.Build(
                            Optional.empty(),
                            Summaries.NOON,
                            Summaries.NOON,
                            Optional.of(Summaries.NOON.plusSeconds(random.nextInt(9))),
                            Optional.of("FAILURE"));
                    model.write(table -> table.finishBuild(job, build, ended));
                    list.values().stream()
                            .filter(one -> one.job().equals(job) && one.build() == build)
                            .forEach(one -> records.computeIfPresent(one.id(), (any, record) -> end(record, ended)));
                }
                default -> {
                    DeploymentSummary summary = Summaries.random(random, id);
                    list.put(id, summary);
                    records.put(id, Summaries.record(summary));
                    model.write(table -> {
                        table.put(summary, Summaries.record(summary));
                        assertEquals(Optional.of(summary), table.find(id));
                    });
                }
            }
            records.keySet().retainAll(list.keySet());
        }

        private static DeploymentRecord end(DeploymentRecord record, DeploymentRecord.Build ended) {
            DeploymentRecord.Build build = record.build();
            return new DeploymentRecord(
                    record.json(),
                    new DeploymentRecord.Build(
                            build.commit(), build.createdAt(), build.startedAt(), ended.finishedAt(), ended.result()));
        }

        void compare(Random random) {
            Set<String> readable = new HashSet<>(Summaries.JOBS);
            if (random.nextBoolean()) {
                readable.removeIf(job -> random.nextInt(3) == 0);
            }
            DeploymentQuery query = Summaries.query(random);
            DeploymentList expected = Summaries.page(list.values().stream(), query, readable);
            assertEquals(expected, model.page(query, readable::contains), query.toString());
            assertEquals(expected.total(), model.count(query.filter(), readable::contains), query.toString());
            DeploymentScope scope = Summaries.scope(random);
            assertEquals(environments(scope, readable), model.environments(scope, false, readable::contains));
            assertEquals(records, model.records(List.copyOf(list.keySet())));
        }

        private List<EnvironmentSummary> environments(DeploymentScope scope, Set<String> readable) {
            Set<String> names = list.values().stream()
                    .filter(one -> scope.contains(one.job()) && readable.contains(one.job()))
                    .map(DeploymentSummary::environment)
                    .collect(Collectors.toCollection(TreeSet::new));
            return names.stream()
                    .map(name -> {
                        DeploymentFilter there = DeploymentFilter.in(scope).to(name);
                        return new EnvironmentSummary(
                                name,
                                latest(there, readable).orElseThrow(),
                                latest(there.with(Status.SUCCESS), readable));
                    })
                    .toList();
        }

        private Optional<DeploymentSummary> latest(DeploymentFilter filter, Set<String> readable) {
            return Summaries.page(list.values().stream(), DeploymentQuery.latest(filter, 1), readable)
                    .entries()
                    .stream()
                    .findFirst();
        }

        @Override
        public void close() {
            model.close();
        }
    }

    private static Pair embedded() throws IOException {
        Path file = Files.createTempDirectory("read-model").resolve("index.mv.db");
        // In reverse order.
        file.getParent().toFile().deleteOnExit();
        file.toFile().deleteOnExit();
        return new Pair(() -> ReadModel.open(file));
    }

    /** Each one is another controller, and all share the database. */
    private static Pair shared() throws IOException {
        if (server == null) {
            server = PostgreSqlServer.start();
        }
        ReadModel.Server address = server.address("controller" + controllers++);
        return new Pair(() -> ReadModel.connect(address));
    }

    private static void compare(Pair pair, Random random, int rounds, int ids) throws IOException {
        try (pair) {
            for (int round = 0; round < rounds; round++) {
                for (int change = 0; change < 25; change++) {
                    pair.change(random, ids);
                }
                for (int query = 0; query < 15; query++) {
                    pair.compare(random);
                }
            }
        }
    }

    @Property(tries = 10)
    void theEmbeddedDatabaseAnswersAsAListWould(@ForAll Random random) throws IOException {
        compare(embedded(), random, 12, 150);
    }

    @Property(tries = 2)
    void soDoesOneWithManyDeployments(@ForAll Random random) throws IOException {
        compare(embedded(), random, 40, 2000);
    }

    @Property(tries = 2)
    void soDoesASharedPostgreSqlDatabase(@ForAll Random random) throws IOException {
        try {
            compare(shared(), random, 12, 150);
        } catch (TestAbortedException e) {
            return;
        }
    }

    @Property(tries = 5)
    void nothingIsLeftOfWhatWasRemoved(@ForAll Random random) throws IOException {
        try (Pair pair = embedded()) {
            for (int change = 0; change < 200; change++) {
                pair.change(random, 100);
            }
            pair.model.write(table -> table.removeJobs(DeploymentScope.EVERYWHERE));
            pair.list.clear();
            pair.records.clear();
            pair.compare(random);
            assertEquals(Map.of(), pair.model.records(List.of(1L, 2L, 3L, 4L, 5L)));
            DeploymentSummary again = Summaries.random(random, 7);
            pair.model.write(table -> table.put(again, Summaries.record(again)));
            DeploymentQuery all = DeploymentQuery.latest(DeploymentFilter.in(DeploymentScope.EVERYWHERE), 10);
            assertEquals(new DeploymentList(List.of(again), 1, true), pair.model.page(all, job -> true));
        }
    }
}
