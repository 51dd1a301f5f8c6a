package io.jenkins.plugins.deploymentgate.crash;

import static io.jenkins.plugins.deploymentgate.World.deployment;

import hudson.ExtensionList;
import io.jenkins.plugins.deploymentgate.approval.DeploymentViews;
import io.jenkins.plugins.deploymentgate.audit.LedgerService;
import io.jenkins.plugins.deploymentgate.core.deployment.Approval;
import io.jenkins.plugins.deploymentgate.core.deployment.Deployment;
import io.jenkins.plugins.deploymentgate.core.deployment.Withdrawal;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentFilter;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentScope;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentSummary;
import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import io.jenkins.plugins.deploymentgate.crash.LedgerFiles.Act;
import io.jenkins.plugins.deploymentgate.gate.AuditReconciler;
import io.jenkins.plugins.deploymentgate.search.DeploymentSearch;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jvnet.hudson.test.JenkinsRule;

/** Whether the audit ledger and the index say what the files of the deployments say. Runs in the controller. */
final class Records {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final WorkflowJob job;
    private final int from;
    private final List<String> problems = new ArrayList<>();

    private Records(String job, int from) {
        this.job = Jenkins.get().getItemByFullName(job, WorkflowJob.class);
        this.from = from;
    }

    /**
     * Waits until both are complete, and for builds that go on meanwhile.
     *
     * @param from the number of the first build to look at
     * @return what is wrong; empty if nothing is
     */
    static ArrayList<String> problems(JenkinsRule j, String job, Integer from) throws Exception {
        Instant limit = Instant.now().plus(PATIENCE);
        while (true) {
            Records records = new Records(job, from);
            records.look();
            if (records.problems.isEmpty() || Instant.now().isAfter(limit)) {
                return new ArrayList<>(records.problems);
            }
            TimeUnit.MILLISECONDS.sleep(200);
        }
    }

    private void look() throws Exception {
        ExtensionList.lookupSingleton(AuditReconciler.class).reconcile();
        problems.addAll(LedgerService.get().warnings());
        LedgerService.get()
                .verify(Optional.empty())
                .report()
                .problem()
                .map(problem -> "the chain is broken: " + problem)
                .ifPresent(problems::add);
        if (!DeploymentSearch.get().isComplete()) {
            problems.add("the index is not complete");
            return;
        }
        Map<Long, List<Act>> ledger = LedgerFiles.acts(
                        Jenkins.get().getRootDir().toPath())
                .stream()
                .collect(Collectors.groupingBy(Act::deployment));
        long count = 0;
        for (WorkflowRun build = job.getLastBuild(); build != null; build = build.getPreviousBuild()) {
            for (long id : DeploymentViews.get().ids(build)) {
                count++;
                if (build.getNumber() >= from) {
                    compare(build, deployment(build, id), ledger.getOrDefault(id, List.of()));
                }
            }
        }
        long known = DeploymentSearch.get().count(DeploymentFilter.in(DeploymentScope.job(job.getFullName())));
        if (known != count) {
            problems.add("the index counts " + known + ", and there are " + count);
        }
    }

    private void compare(WorkflowRun build, Deployment deployment, List<Act> told) throws IOException {
        Optional<DeploymentSummary> found = DeploymentSearch.get().find(deployment.id());
        DeploymentSummary there = DeploymentSummary.of(deployment, job.getFullName(), build.getNumber());
        if (!found.equals(Optional.of(there))) {
            problems.add("the index says " + found + ", and the file says " + there);
        }
        Map<Act, Long> entries = count(told.stream().filter(act -> !act.event().equals("refused")));
        Map<Act, Long> due = count(due(deployment));
        if (!entries.equals(due)) {
            problems.add("the ledger has " + entries + " of deployment " + deployment.id() + ", and the file " + due);
        }
    }

    /** Said here once more from the state alone, and not asked of those who are being tested. */
    private static Stream<Act> due(Deployment deployment) {
        List<Act> due = new ArrayList<>();
        BiConsumer<String, String> add = (user, event) -> due.add(new Act(deployment.id(), user, event));
        add.accept(Controller.REQUESTER, "blocked");
        for (Approval vote : deployment.approvals()) {
            add.accept(vote.voter().id(), vote.decision().word());
        }
        for (Withdrawal withdrawal : deployment.withdrawals()) {
            add.accept(withdrawal.approval().voter().id(), "approved");
            add.accept(withdrawal.approval().voter().id(), "withdrawn");
        }
        switch (deployment.status()) {
            case CREATED, BLOCKED -> {}
            case CANCELED -> add.accept("", "canceled");
            case RUNNING -> add.accept("", "released");
            case SUCCESS, FAILED -> {
                if (deployment.approvals().stream().noneMatch(vote -> vote.decision() == VoteDecision.REJECTED)) {
                    add.accept("", "released");
                    add.accept("", "finished");
                }
            }
        }
        return due.stream();
    }

    private static Map<Act, Long> count(Stream<Act> acts) {
        return acts.collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    }
}
