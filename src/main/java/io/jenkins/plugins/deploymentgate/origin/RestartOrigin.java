package io.jenkins.plugins.deploymentgate.origin;

import hudson.model.Cause;
import java.util.Optional;
import org.jenkinsci.plugins.pipeline.modeldefinition.causes.RestartDeclarativePipelineCause;
import org.jenkinsci.plugins.variant.OptionalExtension;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Knows restarts of Declarative pipelines from a stage. */
@OptionalExtension(requirePlugins = "pipeline-model-definition")
@Restricted(NoExternalUse.class)
public class RestartOrigin extends BuildOrigin {

    @Override
    public Optional<Source> of(Cause cause) {
        return cause instanceof RestartDeclarativePipelineCause restart
                ? Optional.of(Optional.ofNullable(restart.getOriginal())
                        .<Source>map(OtherBuild::new)
                        .orElseGet(Gone::new))
                : Optional.empty();
    }
}
