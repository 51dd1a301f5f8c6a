package io.jenkins.plugins.deploymentgate.config;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.casc.ConfigurationAsCode;
import io.jenkins.plugins.casc.ConfigurationContext;
import io.jenkins.plugins.casc.ConfiguratorException;
import io.jenkins.plugins.casc.ConfiguratorRegistry;
import io.jenkins.plugins.casc.misc.ConfiguredWithCode;
import io.jenkins.plugins.casc.misc.JenkinsConfiguredWithCodeRule;
import io.jenkins.plugins.casc.misc.Util;
import io.jenkins.plugins.casc.misc.junit.jupiter.WithJenkinsConfiguredWithCode;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The protected environments as code: read, exported the same, and refused with a reason. */
@WithJenkinsConfiguredWithCode
class ConfigurationAsCodeTest {

    @Test
    @ConfiguredWithCode("environments.yaml")
    void whatIsReadIsExportedTheSame(JenkinsConfiguredWithCodeRule j) throws Exception {
        List<ProtectedEnvironment> environments =
                DeploymentGateConfiguration.get().getEnvironments();
        assertEquals(3, environments.size());
        ProtectedEnvironment production = environments.get(0);
        assertEquals("production", production.getName());
        assertEquals(2, production.getRequiredApprovals());
        assertTrue(production.isAllowSelfApproval());
        assertTrue(production.isCommentToReject());
        assertFalse(production.isCommentToApprove());
        assertEquals("Look at the dashboard.", production.getInstructions());
        assertEquals("bob", ((UserApprover) production.getApprovers().get(0)).getId());
        assertEquals("managers", ((GroupApprover) production.getApprovers().get(1)).getName());
        ProtectedEnvironment review = environments.get(1);
        assertEquals("review/*", review.getName());
        assertNull(review.getRequiredApprovals(), "the default");
        assertEquals(3, review.toEntry("").policy().requiredApprovals(), "of the rules alone");
        assertEquals(
                40,
                ((AccessLevelApprover)
                                review.getApprovalRules().get(0).getApprovers().get(0))
                        .getLevel());
        assertFalse(review.isAllowSelfApproval());
        assertEquals(List.of(), review.getApprovers());

        ConfigurationContext context = new ConfigurationContext(ConfiguratorRegistry.get());
        String exported = Util.toYamlString(
                Objects.requireNonNull(Util.getUnclassifiedRoot(context).get("deploymentGate")));
        assertEquals(Util.toStringFromYamlFile(this, "environments-exported.yaml"), exported);
    }

    @Test
    @ConfiguredWithCode("environments.yaml")
    void aReloadReplacesTheList(JenkinsConfiguredWithCodeRule j) {
        configure("one.yaml");
        assertEquals(1, DeploymentGateConfiguration.get().getEnvironments().size());
        assertEquals(
                1,
                DeploymentGateConfiguration.get()
                        .getEnvironments()
                        .get(0)
                        .toEntry("")
                        .policy()
                        .requiredApprovals(),
                "the default without rules");
    }

    @Test
    @ConfiguredWithCode("environments.yaml")
    void whatMakesNoSenseNamesTheAttributeAndChangesNothing(JenkinsConfiguredWithCodeRule j) {
        ConfiguratorException error = assertThrows(ConfiguratorException.class, () -> configure("negative.yaml"));
        assertThat(String.valueOf(error), containsString("environments"));
        assertThat(allMessages(error), containsString("between 0 and 100"));
        assertEquals(3, DeploymentGateConfiguration.get().getEnvironments().size());
    }

    private static String allMessages(Throwable error) {
        return error == null ? "" : error.getMessage() + "\n" + allMessages(error.getCause());
    }

    private void configure(String file) {
        ConfigurationAsCode.get()
                .configure(Objects.requireNonNull(getClass().getResource(file)).toExternalForm());
    }
}
