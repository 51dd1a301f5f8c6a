package io.jenkins.plugins.deploymentgate.origin;

import hudson.Extension;
import hudson.model.Cause;
import hudson.model.Run;
import java.util.Optional;
import org.jenkinsci.plugins.workflow.cps.replay.ReplayCause;

/** A replayed or rebuilt pipeline was requested by whoever requested the original, too. */
@Extension(optional = true)
public class ReplayOrigin extends BuildOrigin {

    @Override
    public Optional<Run<?, ?>> behind(Cause cause) {
        return cause instanceof ReplayCause replay ? Optional.ofNullable(replay.getOriginal()) : Optional.empty();
    }

    @Override
    public boolean knows(Cause cause) {
        return cause instanceof ReplayCause;
    }
}
