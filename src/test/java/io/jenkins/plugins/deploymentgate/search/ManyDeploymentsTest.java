package io.jenkins.plugins.deploymentgate.search;

import static io.jenkins.plugins.deploymentgate.World.blocked;
import static io.jenkins.plugins.deploymentgate.World.ended;
import static io.jenkins.plugins.deploymentgate.World.pipeline;
import static io.jenkins.plugins.deploymentgate.World.protect;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import hudson.model.Result;
import io.jenkins.plugins.deploymentgate.World;
import io.jenkins.plugins.deploymentgate.approval.DeploymentViews;
import io.jenkins.plugins.deploymentgate.core.deployment.Deployment;
import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentFilter;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentList;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentRecord;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentScope;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentSummary;
import io.jenkins.plugins.deploymentgate.core.policy.DeploymentDescription;
import io.jenkins.plugins.deploymentgate.core.policy.PipelinePlace;
import io.jenkins.plugins.deploymentgate.gate.DeploymentLifecycle;
import io.jenkins.plugins.deploymentgate.gate.LiveStep;
import io.jenkins.plugins.deploymentgate.gate.StepArguments;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/**
 * Looks at the pages of a small Jenkins, and at the same pages when a thousand deployments are blocked and fifty thousand
 * have ended. The blocked ones are real but for their pipelines; the others are in the read model alone, as no page reads more.
 */
@WithJenkins
class ManyDeploymentsTest {

    private static final int FEW = 10;
    private static final int BLOCKED = 1_000;
    private static final int ENDED = 50_000;
    private static final int JOBS = 50;
    private static final int LOOKS = 7;
    private static final int CHUNK = 500;

    /** Below this, times say more about the machine than about us. */
    private static final double LEAST_MILLIS = 20;

    private static final double MOST = 10;

    private static final DeploymentRecord ENDED_RECORD = new DeploymentRecord(
            "{}",
            new DeploymentRecord.Build(
                    Optional.empty(),
                    Instant.EPOCH,
                    Instant.EPOCH,
                    Optional.of(Instant.EPOCH),
                    Optional.of("SUCCESS")));

    /** A pipeline, as far as a gate can see. */
    private static final class Quiet implements LiveStep {

        @Override
        public void settle(Deployment deployment) {}

        @Override
        public boolean print(String line) {
            return true;
        }

        @Override
        public ListenableFuture<Void> save() {
            return Futures.immediateVoidFuture();
        }
    }

    private final HttpClient client = HttpClient.newHttpClient();
    private final List<WorkflowJob> jobs = new ArrayList<>();
    private WorkflowRun build;
    private String root;
    private long ended;

    @Test
    void pagesStayAsQuickAsTheyAre(JenkinsRule j) throws Exception {
        World.people(j);
        protect("production", 1, "bob", "carol");
        root = j.getURL().toString();
        for (int i = 0; i < JOBS; i++) {
            jobs.add(pipeline("job-" + i, "deploymentGate 'production'"));
        }
        build = blocked(j, jobs.get(0), null);
        fill(FEW, FEW);
        Map<String, Double> before = measure();
        fill(BLOCKED, ENDED);
        Map<String, Double> after = measure();
        StringBuilder table = new StringBuilder();
        List<String> slow = new ArrayList<>();
        before.forEach((page, few) -> {
            double ratio = after.get(page) / Math.max(LEAST_MILLIS, few);
            table.append("%n%-40s %7.1f ms %7.1f ms".formatted(page, few, after.get(page)));
            if (ratio > MOST) {
                slow.add(page);
            }
        });
        System.out.printf(
                "The median with %d blocked and %d ended deployments, and with %d and %d:%s%n",
                FEW, FEW, BLOCKED, ENDED, table);
        assertEquals(List.of(), slow);
        build.doStop();
        ended(j, Result.ABORTED, build);
    }

    @Test
    void aListOfMoreThanTenThousandHasNoTotalInRest(JenkinsRule j) throws Exception {
        World.people(j);
        pipeline("long", "deploymentGate 'production'");
        int all = DeploymentList.MAX_TOTAL + 1;
        ReadModelAccess.get().change(table -> {
            for (long id = 1; id <= all; id++) {
                table.put(summary(id), ENDED_RECORD);
            }
            for (int job = 0; job < JOBS; job++) {
                table.renameJob("job-" + job, "long");
            }
        });
        await().atMost(Duration.ofMinutes(1))
                .pollInSameThread()
                .until(() -> DeploymentSearch.get().count(DeploymentFilter.in(DeploymentScope.job("long"))) == all);
        HttpResponse<String> page = client.send(
                request(j.getURL() + "deployment-gate/api/v4/projects/long/deployments?page=2&per_page=5"),
                HttpResponse.BodyHandlers.ofString());
        assertEquals(200, page.statusCode(), page.body());
        assertEquals(Optional.empty(), page.headers().firstValue("X-Total"));
        assertEquals(Optional.empty(), page.headers().firstValue("X-Total-Pages"));
        assertEquals(Optional.of("3"), page.headers().firstValue("X-Next-Page"));
        String links = page.headers().firstValue("Link").orElseThrow();
        assertFalse(links.contains("rel=\"last\""), links);
    }

    private void fill(int blocked, int all) throws Exception {
        while (DeploymentViews.get().countBlocked(build) < blocked) {
            DeploymentLifecycle lifecycle = DeploymentLifecycle.get();
            Deployment opened = lifecycle.open(
                    build,
                    new StepArguments("production", DeploymentDescription.NONE, Optional.empty(), false),
                    PipelinePlace.UNKNOWN);
            lifecycle.attach(build, opened.id(), new Quiet());
        }
        long first = ended + 1;
        ended = all;
        for (long from = first; from <= all; from += CHUNK) {
            List<DeploymentSummary> chunk = LongStream.range(from, Math.min(from + CHUNK, all + 1))
                    .mapToObj(ManyDeploymentsTest::summary)
                    .toList();
            ReadModelAccess.get().change(table -> {
                for (DeploymentSummary one : chunk) {
                    table.put(one, ENDED_RECORD);
                }
            });
        }
        DeploymentFilter done = DeploymentFilter.in(DeploymentScope.EVERYWHERE).with(Status.SUCCESS);
        await().atMost(Duration.ofMinutes(2))
                .pollInSameThread()
                .until(() -> DeploymentSearch.get().count(done) == all);
    }

    private static DeploymentSummary summary(long id) {
        Instant created = Instant.parse("2026-01-01T00:00:00Z").plusSeconds(id);
        return new DeploymentSummary(
                id,
                (int) id,
                "job-" + id % JOBS,
                (int) id,
                "production",
                "1." + id,
                "",
                Status.SUCCESS,
                null,
                List.of("alice"),
                List.of("bob"),
                0,
                created,
                created,
                Optional.of(created.plusSeconds(5)));
    }

    private Map<String, Double> measure() throws Exception {
        Map<String, Double> medians = new LinkedHashMap<>();
        for (String page : List.of(
                "deployments/",
                "deployments/blocked",
                "deployments/environments",
                "deployments/history",
                "deployments/history?requester=alice&page=9",
                "deployments/history?status=success&job=job-7",
                "job/job-7/deployments/history",
                "job/job-7/")) {
            get(page);
            get(page);
            medians.put(
                    page,
                    LongStream.range(0, LOOKS)
                            .mapToDouble(look -> get(page))
                            .sorted()
                            .skip(LOOKS / 2)
                            .findFirst()
                            .orElseThrow());
        }
        return medians;
    }

    private static HttpRequest request(String address) {
        return HttpRequest.newBuilder(URI.create(address))
                .header("Authorization", "Basic " + Base64.getEncoder().encodeToString("bob:bob".getBytes(UTF_8)))
                .timeout(Duration.ofSeconds(60))
                .build();
    }

    private double get(String page) {
        HttpRequest request = request(root + page);
        long start = System.nanoTime();
        try {
            assertEquals(
                    200,
                    client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode(),
                    page);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        return (System.nanoTime() - start) / 1e6;
    }
}
