package io.jenkins.plugins.deploymentgate.origin;

import hudson.model.Cause;
import java.util.Optional;
import jenkins.branch.BranchEventCause;
import jenkins.branch.BranchIndexingCause;
import org.jenkinsci.plugins.variant.OptionalExtension;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Knows what starts the builds of multibranch projects. */
@OptionalExtension(requirePlugins = "branch-api")
@Restricted(NoExternalUse.class)
public class BranchOrigin extends BuildOrigin {

    @Override
    public Optional<Source> of(Cause cause) {
        return cause instanceof BranchIndexingCause || cause instanceof BranchEventCause
                ? Optional.of(new Automation())
                : Optional.empty();
    }
}
