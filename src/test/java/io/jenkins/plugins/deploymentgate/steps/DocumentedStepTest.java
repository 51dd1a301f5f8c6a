package io.jenkins.plugins.deploymentgate.steps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.deploymentgate.core.deployment.EndReason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jenkinsci.plugins.structs.describable.DescribableModel;
import org.jenkinsci.plugins.structs.describable.DescribableParameter;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.junit.jupiter.api.Test;

/** Compares the tables in the documentation for pipeline authors with the steps. */
class DocumentedStepTest {

    private static List<String> documented(String marker) throws Exception {
        String page = Files.readString(Path.of("docs/pipeline-author.md"));
        Matcher table =
                Pattern.compile("<!-- " + marker + " -->\\n((?:\\|.*\\n)+)").matcher(page);
        assertTrue(table.find(), () -> "there is no table of " + marker);
        return Pattern.compile("^\\| `(\\w+)`", Pattern.MULTILINE)
                .matcher(table.group(1))
                .results()
                .map(row -> row.group(1))
                .sorted()
                .toList();
    }

    @Test
    void theTableOfParametersHasEveryParameterAndNoOther() throws Exception {
        for (Class<? extends Step> step : List.of(DeploymentGateStep.class, DeploymentStep.class)) {
            List<String> parameters = new DescribableModel<>(step)
                    .getParameters().stream()
                            .map(DescribableParameter::getName)
                            .sorted()
                            .toList();
            assertEquals(parameters, documented("parameters"), step::getName);
        }
    }

    @Test
    void theTableOfReasonsHasEveryReasonAndNoOther() throws Exception {
        List<String> reasons =
                Stream.of(EndReason.values()).map(EndReason::word).sorted().toList();
        assertEquals(reasons, documented("reasons"));
    }
}
