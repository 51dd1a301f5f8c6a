package io.jenkins.plugins.deploymentgate.changes;

import static io.jenkins.plugins.deploymentgate.World.ended;
import static io.jenkins.plugins.deploymentgate.World.pipeline;
import static io.jenkins.plugins.deploymentgate.World.protect;
import static io.jenkins.plugins.deploymentgate.World.start;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import hudson.ExtensionList;
import hudson.model.Result;
import io.jenkins.plugins.deploymentgate.RealController;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.RealJenkinsExtension;

/** The Git and the Mailer plugin are used where they are, and needed nowhere. */
class WithoutGitTest {

    @RegisterExtension
    final RealJenkinsExtension controller =
            new RealJenkinsExtension().omitPlugins("git", "mailer").javaOptions(RealController.QUICK);

    @Test
    void aDeploymentPasses() throws Throwable {
        controller.then(WithoutGitTest::deploy);
    }

    private static void deploy(JenkinsRule j) throws Throwable {
        assertNull(j.jenkins.getPlugin("git"));
        assertNull(j.jenkins.getPlugin("mailer"));
        assertEquals(0, ExtensionList.lookup(ChangeSource.class).size());
        protect("production", 0);
        ended(j, Result.SUCCESS, start(pipeline("without", "deploymentGate 'production'"), null));
    }
}
