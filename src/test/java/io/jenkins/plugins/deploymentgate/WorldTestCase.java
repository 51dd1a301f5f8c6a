package io.jenkins.plugins.deploymentgate;

import org.junit.jupiter.api.BeforeAll;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Tests that share one Jenkins with the people of {@link World}. */
@WithJenkins
public abstract class WorldTestCase {

    protected static JenkinsRule j;

    @BeforeAll
    static void startJenkins(JenkinsRule rule) {
        j = rule;
        World.people(rule);
    }
}
