package io.jenkins.plugins.deploymentgate.core.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import io.jenkins.plugins.deploymentgate.core.index.ReadModel.FailedException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Controllers that share a PostgreSQL database, and a database that goes away. */
class SharedReadModelTest {

    private static final DeploymentQuery ALL =
            DeploymentQuery.latest(DeploymentFilter.in(DeploymentScope.EVERYWHERE), 10);

    private static PostgreSqlServer server;

    @BeforeAll
    static void start() {
        server = PostgreSqlServer.start();
    }

    @AfterAll
    static void stop() throws IOException {
        if (server != null) {
            server.close();
        }
    }

    private static List<DeploymentSummary> all(ReadModel model) {
        return model.page(ALL, job -> true).entries();
    }

    @Test
    void eachControllerSeesItsOwnDeployments() {
        DeploymentSummary one = Summaries.blocked(1, "job", 1);
        DeploymentSummary other = Summaries.blocked(1, "another job", 2);
        try (ReadModel first = ReadModel.connect(server.address("first"));
                ReadModel second = ReadModel.connect(server.address("second"))) {
            first.write(table -> table.put(one, Summaries.record(one)));
            second.write(table -> table.put(other, Summaries.record(Summaries.ended(other, Status.SUCCESS))));
            first.setComplete(true);
            assertEquals(List.of(one), all(first));
            assertEquals(List.of(other), all(second));
            assertEquals(Map.of(1L, Summaries.record(one)), first.records(List.of(1L)));
            first.write(table -> table.removeJobs(DeploymentScope.EVERYWHERE));
            assertEquals(List.of(other), all(second));
            assertEquals(
                    Map.of(1L, Summaries.record(Summaries.ended(other, Status.SUCCESS))), second.records(List.of(1L)));
        }
        try (ReadModel first = ReadModel.connect(server.address("first"));
                ReadModel second = ReadModel.connect(server.address("second"))) {
            assertTrue(first.isComplete());
            assertFalse(second.isComplete());
        }
    }

    @Test
    void textsThatPostgreSqlCannotStoreDoNoHarm() {
        DeploymentSummary one = Summaries.blocked(1, "job", 1);
        try (ReadModel model = ReadModel.connect(server.address("texts"))) {
            model.write(table -> table.put(one, Summaries.record(one)));
            DeploymentFilter everywhere = DeploymentFilter.in(DeploymentScope.EVERYWHERE);
            assertEquals(0, model.count(everywhere.to("a\0b"), job -> true));
            assertEquals(0, model.count(everywhere.to("\uD800"), job -> true));
            assertEquals(0, model.count(everywhere.requestedBy("\0"), job -> true));
            assertEquals(List.of(one), all(model));
        }
    }

    @Test
    void aLostDatabaseIsAnErrorAndComesBackUntrusted() {
        DeploymentSummary one = Summaries.blocked(1, "job", 1);
        try (ReadModel model = ReadModel.connect(server.address("lost"))) {
            model.write(table -> table.put(one, Summaries.record(one)));
            model.setComplete(true);
            server.stop();
            assertThrows(FailedException.class, () -> model.find(1));
            assertThrows(FailedException.class, () -> ReadModel.connect(server.address("lost")));
            assertFalse(model.isComplete());
            server.startAgain();
        }
        try (ReadModel model = ReadModel.connect(server.address("lost"))) {
            assertEquals(List.of(one), all(model));
            assertFalse(model.isComplete());
        }
    }

    @Test
    void anAddressThatNobodyAnswersIsAnError() {
        ReadModel.Server nowhere = new ReadModel.Server("jdbc:postgresql://127.0.0.1:1/none", "u", "secret", "c");
        FailedException error = assertThrows(FailedException.class, () -> ReadModel.connect(nowhere));
        assertFalse(error.toString().contains("secret"));
        assertFalse(nowhere.toString().contains("secret"));
    }
}
