package io.jenkins.plugins.deploymentgate.core.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
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

/** Whatever happens to deployments and jobs, the index answers as a plain list would. */
class IndexPropertiesTest {

    /** The index, and the list that it is compared with. */
    private static final class Pair implements AutoCloseable {
        private final Path file;
        private final Map<Long, DeploymentSummary> model = new TreeMap<>();
        private DeploymentIndex index;

        Pair(Path directory) throws IOException {
            file = directory.resolve("index.mv");
            index = DeploymentIndex.open(file, Clock.systemUTC());
            index.markComplete();
        }

        void change(Random random, int ids) throws IOException {
            long id = 1 + random.nextInt(ids);
            String job = Summaries.JOBS.get(random.nextInt(Summaries.JOBS.size()));
            switch (random.nextInt(20)) {
                case 0 -> {
                    index.remove(id);
                    model.remove(id);
                }
                case 1 -> {
                    int build = 1 + random.nextInt(5);
                    index.removeBuild(job, build);
                    model.values().removeIf(one -> one.job().equals(job) && one.build() == build);
                }
                case 2 -> {
                    index.removeJobs(DeploymentScope.job(job));
                    model.values().removeIf(one -> one.job().equals(job));
                }
                case 3 -> {
                    String to = Summaries.JOBS.get(random.nextInt(Summaries.JOBS.size()));
                    index.renameJob(job, to);
                    model.replaceAll((any, one) -> one.job().equals(job) ? one.inJob(to) : one);
                }
                case 4 -> index.purge();
                case 5 -> {
                    index.close();
                    index = DeploymentIndex.open(file, Clock.systemUTC());
                }
                case 6 -> index.commit();
                case 7 -> {
                    Optional<DeploymentSummary> seen = index.find(id);
                    DeploymentSummary found = Summaries.random(random, id);
                    index.correct(seen, Optional.of(found));
                    model.put(id, found);
                    assertFalse(index.correct(seen, Optional.empty()), "it has changed since");
                }
                default -> {
                    DeploymentSummary summary = Summaries.random(random, id);
                    index.put(summary);
                    model.put(id, summary);
                }
            }
        }

        void compare(Random random) {
            Set<String> readable = new HashSet<>(Summaries.JOBS);
            if (random.nextBoolean()) {
                readable.removeIf(job -> random.nextInt(3) == 0);
            }
            DeploymentQuery query = Summaries.query(random);
            IndexPage expected = Summaries.page(model.values().stream(), query, readable);
            assertEquals(expected, index.page(query, readable::contains), query.toString());
            assertEquals(expected.total(), index.count(query.filter(), readable::contains), query.toString());
            DeploymentScope scope = Summaries.scope(random);
            assertEquals(environments(scope, readable), index.environments(scope, readable::contains));
        }

        private List<EnvironmentSummary> environments(DeploymentScope scope, Set<String> readable) {
            Set<String> names = model.values().stream()
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
            return Summaries.page(model.values().stream(), DeploymentQuery.latest(filter, 1), readable)
                    .entries()
                    .stream()
                    .findFirst();
        }

        @Override
        public void close() throws IOException {
            index.close();
            Files.delete(file);
            Files.delete(file.getParent());
        }
    }

    private static Pair pair() throws IOException {
        return new Pair(Files.createTempDirectory("index"));
    }

    @Property(tries = 60)
    void theIndexAnswersAsAListWould(@ForAll Random random) throws IOException {
        try (Pair pair = pair()) {
            for (int round = 0; round < 12; round++) {
                for (int change = 0; change < 25; change++) {
                    pair.change(random, 150);
                }
                for (int query = 0; query < 15; query++) {
                    pair.compare(random);
                }
            }
        }
    }

    @Property(tries = 5)
    void soDoesOneWithManyJobsAndEnvironments(@ForAll Random random) throws IOException {
        try (Pair pair = pair()) {
            for (int round = 0; round < 3; round++) {
                for (int change = 0; change < 400; change++) {
                    pair.change(random, 2000);
                }
                for (int query = 0; query < 40; query++) {
                    pair.compare(random);
                }
            }
        }
    }

    @Property(tries = 20)
    void nothingIsLeftOfWhatWasRemoved(@ForAll Random random) throws IOException {
        try (Pair pair = pair()) {
            for (int change = 0; change < 200; change++) {
                pair.change(random, 100);
            }
            pair.index.removeJobs(DeploymentScope.EVERYWHERE);
            pair.model.clear();
            int steps = 0;
            while (pair.index.purge() && steps < 100) {
                steps++;
            }
            pair.compare(random);
            DeploymentSummary again = Summaries.random(random, 7);
            pair.index.put(again);
            pair.model.put(7L, again);
            DeploymentQuery all = new DeploymentQuery(
                    DeploymentFilter.in(DeploymentScope.EVERYWHERE), DeploymentOrder.ID, false, 0, 10);
            assertEquals(new IndexPage(List.of(again), 1), pair.index.page(all, job -> true));
        }
    }
}
