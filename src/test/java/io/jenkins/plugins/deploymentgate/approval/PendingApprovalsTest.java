package io.jenkins.plugins.deploymentgate.approval;

import static io.jenkins.plugins.deploymentgate.World.approve;
import static io.jenkins.plugins.deploymentgate.World.blocked;
import static io.jenkins.plugins.deploymentgate.World.ended;
import static io.jenkins.plugins.deploymentgate.World.people;
import static io.jenkins.plugins.deploymentgate.World.pipeline;
import static io.jenkins.plugins.deploymentgate.World.protect;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Job;
import hudson.model.Result;
import hudson.security.ACL;
import hudson.security.ACLContext;
import hudson.security.AuthorizationStrategy;
import hudson.security.Permission;
import io.jenkins.plugins.deploymentgate.World;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;
import org.springframework.security.core.Authentication;

/** The number in the header of every page. */
@WithJenkins
class PendingApprovalsTest {

    /** Remembers the threads on which it was asked about a job: those that count cannot do without. */
    private static final class RecordingStrategy extends AuthorizationStrategy {

        private final AuthorizationStrategy actual;
        private final Set<Thread> asked = ConcurrentHashMap.newKeySet();

        RecordingStrategy(AuthorizationStrategy actual) {
            this.actual = actual;
        }

        @NonNull
        @Override
        public ACL getRootACL() {
            return actual.getRootACL();
        }

        @NonNull
        @Override
        public ACL getACL(@NonNull Job<?, ?> job) {
            ACL acl = actual.getACL(job);
            return new ACL() {
                @Override
                public boolean hasPermission2(@NonNull Authentication person, @NonNull Permission permission) {
                    asked.add(Thread.currentThread());
                    return acl.hasPermission2(person, permission);
                }
            };
        }

        @NonNull
        @Override
        public Collection<String> getGroups() {
            return List.of();
        }
    }

    private static int countOf(String user) {
        try (ACLContext ignored = World.actingAs(user)) {
            return PendingApprovals.get().count();
        }
    }

    @Test
    void theNumberIsNeverComputedByTheRequestThatShowsIt(JenkinsRule j) throws Exception {
        people(j);
        protect("production", 1, "bob");
        WorkflowRun build = blocked(j, pipeline("waiting", "deploymentGate 'production'"), "alice");
        RecordingStrategy strategy = new RecordingStrategy(j.jenkins.getAuthorizationStrategy());
        j.jenkins.setAuthorizationStrategy(strategy);
        Set<Thread> requests = ConcurrentHashMap.newKeySet();
        await().until(() -> {
            requests.add(Thread.currentThread());
            return countOf("bob") == 1;
        });
        assertTrue(
                strategy.asked.stream().anyMatch(thread -> thread.getName().contains("deployment-gate-worker")),
                "it was counted in the background");
        assertEquals(0, countOf("alice"));
        try (ACLContext ignored = ACL.as2(Jenkins.ANONYMOUS2)) {
            assertEquals(0, PendingApprovals.get().count());
        }
        approve(build, "bob");
        ended(j, Result.SUCCESS, build);
        strategy.asked.clear();
        await().until(() -> {
            requests.add(Thread.currentThread());
            return countOf("bob") == 0;
        });
        assertFalse(strategy.asked.stream().anyMatch(requests::contains), "a request computed it");
    }
}
