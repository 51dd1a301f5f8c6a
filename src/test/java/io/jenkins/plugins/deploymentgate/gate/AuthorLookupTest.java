package io.jenkins.plugins.deploymentgate.gate;

import static io.jenkins.plugins.deploymentgate.World.approve;
import static io.jenkins.plugins.deploymentgate.World.blocked;
import static io.jenkins.plugins.deploymentgate.World.ended;
import static io.jenkins.plugins.deploymentgate.World.environment;
import static io.jenkins.plugins.deploymentgate.World.latest;
import static io.jenkins.plugins.deploymentgate.World.pipeline;
import static io.jenkins.plugins.deploymentgate.World.protect;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.ExtensionList;
import hudson.model.Result;
import hudson.scm.ChangeLogSet;
import io.jenkins.plugins.deploymentgate.World;
import io.jenkins.plugins.deploymentgate.changes.ChangeRange;
import io.jenkins.plugins.deploymentgate.changes.ChangeSource;
import io.jenkins.plugins.deploymentgate.changes.Changes;
import io.jenkins.plugins.deploymentgate.config.ProtectedEnvironment;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.TestExtension;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** The look-up of the authors of changes fails, and is repeated. */
@WithJenkins
class AuthorLookupTest {

    private JenkinsRule j;

    /** Fails some times before it finds Dave. */
    @TestExtension
    public static class Unsteady extends ChangeSource {

        private final AtomicInteger failures = new AtomicInteger();
        private final AtomicInteger calls = new AtomicInteger();

        @Override
        public boolean reads(ChangeLogSet<?> log) {
            return false;
        }

        @Override
        public Changes of(ChangeRange range) {
            calls.incrementAndGet();
            if (failures.getAndDecrement() > 0) {
                throw new IllegalStateException("the change log cannot be read yet");
            }
            return Changes.by(Set.of("dave"), "");
        }

        @Override
        public String nameOfAuthor(ChangeLogSet.Entry entry) {
            return "";
        }
    }

    @BeforeEach
    void startJenkins(JenkinsRule rule) {
        j = rule;
        World.people(j);
        ProtectedEnvironment guarded = environment("guarded", 1, "bob", "dave");
        guarded.setPreventAuthorApproval(true);
        protect(guarded);
    }

    private static Unsteady source() {
        return ExtensionList.lookupSingleton(Unsteady.class);
    }

    @Test
    void aLookUpThatFailsIsRepeatedAfterADelayThatGrows() throws Exception {
        source().failures.set(2);
        WorkflowRun build = blocked(j, pipeline("guarded", "deploymentGate 'guarded'"), "alice");
        await().until(() -> source().calls.get() == 1);
        Instant later = Instant.now();
        Reevaluation.get().timePassed(later.plusSeconds(1));
        Reevaluation.get().timePassed(later.plusSeconds(60));
        await().until(() -> source().calls.get() == 2);
        assertTrue(latest(build).request().authors().isEmpty(), "nobody can vote yet");
        Reevaluation.get().timePassed(later.plusSeconds(61));
        Reevaluation.get().timePassed(later.plusSeconds(75));
        assertEquals(2, source().calls.get(), "the second delay is longer than the first");
        Reevaluation.get().timePassed(later.plus(Duration.ofMinutes(5)));
        await().until(() -> latest(build).request().authors().isPresent());
        assertEquals(3, source().calls.get());
        approve(build, "bob");
        ended(j, Result.SUCCESS, build);
    }
}
