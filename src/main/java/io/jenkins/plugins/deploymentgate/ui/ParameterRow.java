package io.jenkins.plugins.deploymentgate.ui;

import hudson.model.ParameterValue;
import hudson.model.ParametersAction;
import hudson.model.Run;
import java.util.List;
import java.util.Objects;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * A parameter of a build, as people may see it.
 *
 * @param name its name
 * @param value its value; stars in place of a secret
 */
@Restricted(NoExternalUse.class)
public record ParameterRow(String name, String value) {

    private static final String SECRET = "********";

    static List<ParameterRow> of(Run<?, ?> build) {
        return build.getActions(ParametersAction.class).stream()
                .flatMap(action -> action.getParameters().stream())
                .map(ParameterRow::of)
                .toList();
    }

    private static ParameterRow of(ParameterValue value) {
        return new ParameterRow(value.getName(), value.isSensitive() ? SECRET : Objects.toString(value.getValue(), ""));
    }
}
