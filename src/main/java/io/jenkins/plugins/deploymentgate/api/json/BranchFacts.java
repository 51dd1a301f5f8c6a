package io.jenkins.plugins.deploymentgate.api.json;

import hudson.Extension;
import hudson.model.Job;
import hudson.model.Run;
import java.util.Optional;
import java.util.regex.Pattern;
import jenkins.scm.api.SCMHead;
import jenkins.scm.api.SCMRevisionAction;

/**
 * What multibranch projects know of their builds. A revision that is more than one commit, as that of a merged pull
 * request is, is none here. Only where the SCM API plugin is installed.
 */
@Extension(optional = true)
public class BranchFacts extends SourceFacts {

    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}([0-9a-f]{24})?");

    @Override
    public Optional<String> branch(Job<?, ?> job) {
        return Optional.ofNullable(SCMHead.HeadByItem.findHead(job)).map(SCMHead::getName);
    }

    @Override
    public Optional<String> commit(Run<?, ?> build) {
        return Optional.ofNullable(build.getAction(SCMRevisionAction.class))
                .map(action -> action.getRevision().toString())
                .filter(revision -> COMMIT.matcher(revision).matches());
    }
}
