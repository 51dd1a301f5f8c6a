package io.jenkins.plugins.deploymentgate.search;

import static io.jenkins.plugins.deploymentgate.World.approve;
import static io.jenkins.plugins.deploymentgate.World.blocked;
import static io.jenkins.plugins.deploymentgate.World.ended;
import static io.jenkins.plugins.deploymentgate.World.latest;
import static io.jenkins.plugins.deploymentgate.World.protect;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.model.Item;
import hudson.model.Result;
import hudson.model.User;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.deploymentgate.World;
import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentFilter;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentList;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentOrder;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentQuery;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentScope;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentSummary;
import io.jenkins.plugins.deploymentgate.core.index.EnvironmentSummary;
import java.util.List;
import java.util.Optional;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.MockFolder;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/**
 * Bob reads everything. Carol reads the public job, the folder, and the job in the folder that is hers. Dave may only
 * discover jobs. Mallory may read the job in a folder that she may not read. Eve sees nothing.
 */
@WithJenkins
class ReadModelSecurityTest {

    private static final DeploymentFilter ALL = DeploymentFilter.in(DeploymentScope.EVERYWHERE);

    private static WorkflowRun shown;
    private static WorkflowRun hidden;

    @BeforeAll
    static void world(JenkinsRule j) throws Exception {
        j.jenkins.setSecurityRealm(j.createDummySecurityRealm());
        protect("production", 1, "bob");
        protect("secret", 1, "bob");
        WorkflowJob open = World.pipeline("public", "deploymentGate 'production'");
        MockFolder team = j.createFolder("team");
        WorkflowJob hers = team.createProject(WorkflowJob.class, "hers");
        hers.setDefinition(new CpsFlowDefinition("deploymentGate 'production'", true));
        WorkflowJob closed = team.createProject(WorkflowJob.class, "closed");
        closed.setDefinition(new CpsFlowDefinition("deploymentGate 'secret'", true));
        j.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.READ)
                .everywhere()
                .toEveryone()
                .grant(Item.READ)
                .everywhere()
                .to("alice", "bob")
                .grant(Item.READ)
                .onItems(open, team, hers)
                .to("carol")
                .grant(Item.DISCOVER)
                .everywhere()
                .to("dave")
                .grant(Item.READ)
                .onItems(closed)
                .to("mallory"));
        shown = blocked(j, open, "alice");
        WorkflowRun done = blocked(j, hers, "alice");
        approve(done, "bob");
        ended(j, Result.SUCCESS, done);
        hidden = blocked(j, closed, "alice");
    }

    private interface Question<T> {
        T ask(DeploymentSearch search) throws Exception;
    }

    private static <T> T as(String user, Question<T> question) throws Exception {
        try (ACLContext ignored = ACL.as2(User.getById(user, true).impersonate2())) {
            return question.ask(DeploymentSearch.get());
        }
    }

    private static List<String> jobs(String user, DeploymentScope scope) throws Exception {
        return as(
                        user,
                        search -> search.list(new DeploymentQuery(
                                        DeploymentFilter.in(scope), DeploymentOrder.REF, false, 0, 10))
                                .entries())
                .stream()
                .map(DeploymentSummary::job)
                .toList();
    }

    @Test
    void listsHoldWhatTheCallerMayRead() throws Exception {
        assertEquals(List.of("team/closed", "team/hers", "public"), jobs("bob", DeploymentScope.EVERYWHERE));
        assertEquals(List.of("team/hers", "public"), jobs("carol", DeploymentScope.EVERYWHERE));
        assertEquals(List.of("team/hers"), jobs("carol", DeploymentScope.below("team")));
        assertEquals(List.of(), jobs("carol", DeploymentScope.job("team/closed")));
        for (String user : List.of("dave", "mallory", "eve")) {
            assertEquals(List.of(), jobs(user, DeploymentScope.EVERYWHERE), user);
            assertEquals(List.of(), jobs(user, DeploymentScope.job("team/closed")), user);
        }
    }

    @Test
    void totalsAndOffsetsSayNothingOfTheOthers() throws Exception {
        DeploymentQuery second = new DeploymentQuery(ALL, DeploymentOrder.ID, false, 1, 1);
        assertEquals(3, as("bob", search -> search.list(second)).total());
        DeploymentList carols = as("carol", search -> search.list(second));
        assertEquals(2, carols.total());
        assertEquals("team/hers", carols.entries().get(0).job());
        assertTrue(carols.complete());
        DeploymentQuery third = new DeploymentQuery(ALL, DeploymentOrder.ID, false, 2, 1);
        assertEquals(new DeploymentList(List.of(), 2, true), as("carol", search -> search.list(third)));
    }

    @Test
    void countsSayNothingOfTheOthers() throws Exception {
        List<DeploymentFilter> filters = List.of(
                ALL,
                ALL.with(Status.BLOCKED),
                ALL.to("secret"),
                ALL.requestedBy("alice"),
                ALL.between(
                        DeploymentOrder.ID, latest(hidden).id(), latest(hidden).id()),
                ALL.after(DeploymentOrder.UPDATED_AT, latest(shown).createdAt().minusSeconds(1)));
        assertEquals(List.of(3L, 2L, 1L, 3L, 1L, 3L), counts("bob", filters));
        assertEquals(List.of(2L, 1L, 0L, 2L, 0L, 2L), counts("carol", filters));
        for (String user : List.of("dave", "mallory", "eve")) {
            assertEquals(List.of(0L, 0L, 0L, 0L, 0L, 0L), counts(user, filters), user);
        }
    }

    private static List<Long> counts(String user, List<DeploymentFilter> filters) throws Exception {
        return as(user, search -> filters.stream().map(search::count).toList());
    }

    @Test
    void detailsSayNothingOfTheOthers() throws Exception {
        List<DeploymentSummary> all = as("bob", search -> search.list(DeploymentQuery.latest(ALL, 10)))
                .entries();
        assertEquals(3, as("bob", search -> search.details(all)).size());
        assertEquals(2, as("carol", search -> search.details(all)).size());
        assertEquals(List.of(), as("eve", search -> search.details(all)));
    }

    @Test
    void environmentsAreThoseOfReadableJobs() throws Exception {
        assertEquals(
                List.of("production", "secret"),
                as("bob", search -> search.environments(DeploymentScope.EVERYWHERE, false)).stream()
                        .map(EnvironmentSummary::name)
                        .toList());
        List<EnvironmentSummary> carols = as("carol", search -> search.environments(DeploymentScope.EVERYWHERE, false));
        assertEquals(1, carols.size());
        assertEquals("team/hers", carols.get(0).latest().job());
        assertEquals(
                Optional.of(carols.get(0)),
                as("carol", search -> search.environment(DeploymentScope.EVERYWHERE, "production")));
        assertEquals(Optional.empty(), as("carol", search -> search.environment(DeploymentScope.EVERYWHERE, "secret")));
        assertEquals(List.of(), as("eve", search -> search.environments(DeploymentScope.EVERYWHERE, false)));
    }

    @Test
    void aDeploymentIsFoundByItsIdWhereItsJobCanBeRead() throws Exception {
        long id = latest(hidden).id();
        DeploymentSummary found = as("bob", search -> search.find(id)).orElseThrow();
        assertEquals(hidden, as("bob", search -> search.build(found)).orElseThrow());
        for (String user : List.of("carol", "dave", "mallory", "eve")) {
            assertEquals(Optional.empty(), as(user, search -> search.find(id)), user);
            assertEquals(Optional.empty(), as(user, search -> search.build(found)), user);
        }
        assertEquals(Optional.empty(), as("bob", search -> search.find(1)));
    }
}
