package io.jenkins.plugins.deploymentgate.api.json;

import hudson.model.Job;
import hudson.model.Run;
import java.util.Optional;
import java.util.regex.Pattern;
import jenkins.scm.api.SCMHead;
import jenkins.scm.api.SCMRevisionAction;

/** The branch and the commit of the builds of multibranch projects. Other jobs have neither. */
final class SourceFacts {

    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}([0-9a-f]{24})?");

    private SourceFacts() {}

    /** @return the branch or tag that the job builds; null if it is not known */
    static String branchOf(Job<?, ?> job) {
        return Optional.ofNullable(SCMHead.HeadByItem.findHead(job))
                .map(SCMHead::getName)
                .orElse(null);
    }

    /** @return the full ID of the commit; null if it is not known or not one commit, as for a merged pull request */
    static String commitOf(Run<?, ?> build) {
        return Optional.ofNullable(build.getAction(SCMRevisionAction.class))
                .map(action -> action.getRevision().toString())
                .filter(revision -> COMMIT.matcher(revision).matches())
                .orElse(null);
    }
}
