package io.jenkins.plugins.deploymentgate.api;

import hudson.model.User;
import hudson.security.csrf.DefaultCrumbIssuer;
import io.jenkins.plugins.deploymentgate.World;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** A controller with its crumbs, and clients that speak to its port. */
@WithJenkins
abstract class ApiTestCase {

    static JenkinsRule j;

    private static final Map<String, String> TOKENS = new ConcurrentHashMap<>();

    @BeforeAll
    static void startJenkins(JenkinsRule rule) {
        j = rule;
        World.people(j);
        j.jenkins.setCrumbIssuer(new DefaultCrumbIssuer(false));
    }

    @AfterAll
    static void forgetTokens() {
        TOKENS.clear();
    }

    static String token(String user) {
        return TOKENS.computeIfAbsent(user, id -> j.createApiToken(User.getById(id, true)));
    }

    static Caller nobody() throws Exception {
        return Caller.at(j.getURL().toString());
    }

    /** As GitLab's clients do it. */
    static Caller as(String user) throws Exception {
        return nobody().with("PRIVATE-TOKEN", user + ":" + token(user));
    }
}
