package io.jenkins.plugins.deploymentgate.origin;

import hudson.ExtensionList;
import hudson.ExtensionPoint;
import hudson.model.Job;
import io.jenkins.plugins.deploymentgate.core.policy.DeploySource;
import io.jenkins.plugins.deploymentgate.core.policy.DeploySource.Kind;
import java.util.Optional;
import jenkins.branch.MultiBranchProject;
import jenkins.plugins.git.GitRefSCMHead;
import jenkins.scm.api.SCMHead;
import jenkins.scm.api.mixin.ChangeRequestSCMHead;
import jenkins.scm.api.mixin.TagSCMHead;
import org.jenkinsci.plugins.variant.OptionalExtension;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Knows from where jobs of one type deploy. A job that no extension knows stands for itself. Any thread may call. */
@Restricted(NoExternalUse.class)
public abstract class JobSource implements ExtensionPoint {

    /** @return what the job stands for; empty if this does not know such jobs */
    protected abstract Optional<DeploySource> find(Job<?, ?> job);

    /** @return from where the builds of the job deploy */
    public static DeploySource of(Job<?, ?> job) {
        return ExtensionList.lookup(JobSource.class).stream()
                .flatMap(source -> source.find(job).stream())
                .findFirst()
                .orElseGet(() -> new DeploySource(Kind.JOB, job.getFullName()));
    }

    /** Multibranch projects. The job of a branch that was deleted keeps its head. */
    @OptionalExtension(requirePlugins = "branch-api")
    public static class Multibranch extends JobSource {

        @Override
        protected Optional<DeploySource> find(Job<?, ?> job) {
            if (!(job.getParent() instanceof MultiBranchProject)) {
                return Optional.empty();
            }
            SCMHead head = SCMHead.HeadByItem.findHead(job);
            return Optional.of(
                    head == null
                            ? new DeploySource(Kind.OTHER, job.getFullName())
                            : new DeploySource(kind(head), head.getName()));
        }

        private static Kind kind(SCMHead head) {
            if (head instanceof ChangeRequestSCMHead) {
                return Kind.PULL_REQUEST;
            }
            return head instanceof TagSCMHead ? Kind.TAG : Kind.BRANCH;
        }
    }

    /** Git references that are neither branches nor tags, such as those that GitHub has for pull requests. */
    @OptionalExtension(
            requirePlugins = {"branch-api", "git"},
            ordinal = 1)
    public static class OtherReferences extends JobSource {

        @Override
        protected Optional<DeploySource> find(Job<?, ?> job) {
            return job.getParent() instanceof MultiBranchProject
                            && SCMHead.HeadByItem.findHead(job) instanceof GitRefSCMHead head
                    ? Optional.of(new DeploySource(Kind.OTHER, head.getName()))
                    : Optional.empty();
        }
    }
}
