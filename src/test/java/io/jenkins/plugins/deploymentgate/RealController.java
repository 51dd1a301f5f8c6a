package io.jenkins.plugins.deploymentgate;

import hudson.security.FullControlOnceLoggedInAuthorizationStrategy;
import hudson.security.HudsonPrivateSecurityRealm;
import java.io.IOException;
import jenkins.security.apitoken.ApiTokenPropertyConfiguration;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.RealJenkinsExtension;

/** A controller in a process of its own, as runs have it that kill it or measure it. */
public final class RealController {

    private static final String[] NOT_NEEDED = {
        "configuration-as-code", "credentials-binding", "git", "git-client", "matrix-auth"
    };

    /** For processes that live for seconds. */
    public static final String[] QUICK = {"-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"};

    private RealController() {}

    /** The process, without plugins that make no difference, and without a limit of time. */
    public static RealJenkinsExtension process() {
        return new RealJenkinsExtension()
                .omitPlugins(NOT_NEEDED)
                .javaOptions("-Djenkins.model.Jenkins.slaveAgentPort=-1")
                .withTimeout(0);
    }

    /** Such a process that starts quickly, for tests that start one several times. */
    public static RealJenkinsExtension quick() {
        return new RealJenkinsExtension()
                .omitPlugins(NOT_NEEDED)
                .javaOptions("-Djenkins.model.Jenkins.slaveAgentPort=-1")
                .javaOptions(QUICK);
    }

    /** Lets everybody do everything once they are logged in. Runs in the controller. */
    public static void configure(JenkinsRule j) throws IOException {
        j.jenkins.setSecurityRealm(new HudsonPrivateSecurityRealm(false, false, null));
        j.jenkins.setAuthorizationStrategy(new FullControlOnceLoggedInAuthorizationStrategy());
        j.jenkins.setNumExecutors(0);
        j.jenkins.setQuietPeriod(0);
        ApiTokenPropertyConfiguration.get().setUsageStatisticsEnabled(false);
    }
}
