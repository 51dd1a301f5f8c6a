package io.jenkins.plugins.deploymentgate.browser;

import io.jenkins.plugins.deploymentgate.World;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.ClassOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.TestClassOrder;
import org.junit.jupiter.api.condition.EnabledIf;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/**
 * The pages in a real Chromium. One controller and one browser for all of it; the pictures are taken before other tests
 * leave their traces.
 */
@WithJenkins
@TestClassOrder(ClassOrderer.OrderAnnotation.class)
@EnabledIf(
        value = "io.jenkins.plugins.deploymentgate.browser.Chromium#isThere",
        disabledReason = "there is no Chromium on the PATH")
class BrowserTest {

    private static Chromium chromium;

    @BeforeAll
    static void start(JenkinsRule j) throws Exception {
        chromium = Chromium.start();
        Symbols.provide(j);
        World.people(j);
        BrowserCases.place(j, chromium);
    }

    @AfterAll
    static void stop() {
        chromium.close();
    }

    @Nested
    @Order(1)
    class Screenshots extends ScreenshotCases {}

    @Nested
    @Order(2)
    class Approving extends ApprovalCases {}

    @Nested
    @Order(3)
    class Appearance extends AppearanceCases {}

    @Nested
    @Order(4)
    class HostileTexts extends HostileTextCases {}
}
