package io.jenkins.plugins.deploymentgate.core.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process is killed while it writes. */
class ReadModelKillTest {

    private static final int KILLS = 4;
    private static final long WRITTEN = 300;

    @TempDir
    Path home;

    /** Writes until it is killed, and says how far it is. */
    static final class Writer {

        private Writer() {}

        public static void main(String[] arguments) throws Exception {
            try (ReadModel model = ReadModel.open(Path.of(arguments[0]))) {
                model.setComplete(true);
                for (long change = 1; change > 0; change++) {
                    long id = 1 + change % 500;
                    DeploymentSummary blocked = Summaries.blocked(id, "job" + id % 7, (int) id);
                    DeploymentSummary next = change % 3 == 0 ? Summaries.ended(blocked, Status.SUCCESS) : blocked;
                    model.write(table -> table.put(next, Summaries.record(next)));
                    System.out.println(change);
                }
            }
        }
    }

    @Test
    void afterAKillItStartsAnewAndIsUsable() throws Exception {
        Path file = home.resolve("index.mv.db");
        for (int kill = 0; kill < KILLS; kill++) {
            Process writer = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            Writer.class.getName(),
                            file.toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            try (BufferedReader output =
                    new BufferedReader(new InputStreamReader(writer.getInputStream(), StandardCharsets.UTF_8))) {
                for (long line = 0; line < WRITTEN * (kill + 1); line++) {
                    output.readLine();
                }
                writer.destroyForcibly().waitFor();
            }
            try (ReadModel model = ReadModel.open(file)) {
                assertFalse(model.isComplete());
                assertConsistent(model);
                assertEquals(Optional.empty(), model.find(1), "rows and indexes may disagree");
                DeploymentSummary one = Summaries.blocked(1, "job", 1);
                model.write(table -> table.put(one, Summaries.record(one)));
                assertEquals(Optional.of(one), model.find(1));
                assertConsistent(model);
            }
        }
    }

    private static void assertConsistent(ReadModel model) {
        DeploymentFilter everywhere = DeploymentFilter.in(DeploymentScope.EVERYWHERE);
        List<DeploymentSummary> all = model.page(DeploymentQuery.latest(everywhere, 1000), job -> true)
                .entries();
        Map<Status, Long> byStatus =
                all.stream().collect(Collectors.groupingBy(DeploymentSummary::status, Collectors.counting()));
        for (Status status : Status.values()) {
            assertEquals(byStatus.getOrDefault(status, 0L), model.count(everywhere.with(status), job -> true));
        }
        assertEquals(all.size(), model.count(everywhere.requestedBy("alice"), job -> true));
        assertEquals(
                all.stream().collect(Collectors.toMap(DeploymentSummary::id, Summaries::record)),
                model.records(all.stream().map(DeploymentSummary::id).toList()));
    }
}
