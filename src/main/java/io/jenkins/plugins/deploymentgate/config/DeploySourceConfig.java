package io.jenkins.plugins.deploymentgate.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.AbstractDescribableImpl;
import hudson.model.Descriptor;
import hudson.model.Item;
import hudson.util.FormValidation;
import io.jenkins.plugins.deploymentgate.core.policy.DeploySource;
import io.jenkins.plugins.deploymentgate.core.policy.DeploySource.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/**
 * From where builds may deploy to a protected environment: branches, tags, jobs or pull requests. Exactly one of these is set
 * in a valid one. Not validated until {@link #problemOf} is called.
 */
public class DeploySourceConfig extends AbstractDescribableImpl<DeploySourceConfig> {

    /** The longest name or pattern, in UTF-16 units. */
    private static final int MAX_LENGTH = 1000;

    private static final String ANY = "*";

    @CheckForNull
    private String branch;

    @CheckForNull
    private String tag;

    @CheckForNull
    private String job;

    private boolean pullRequest;

    /** Nothing is set. */
    @DataBoundConstructor
    public DeploySourceConfig() {
        // The setters say what it is.
    }

    /** @return the name or pattern of branches of multibranch projects; null if it is not about branches */
    @CheckForNull
    public String getBranch() {
        return branch;
    }

    /** @param branch the name of branches of multibranch projects, or a pattern with {@code *} */
    @DataBoundSetter
    public void setBranch(@CheckForNull String branch) {
        this.branch = Util.fixEmptyAndTrim(branch);
    }

    /** @return the name or pattern of tags of multibranch projects; null if it is not about tags */
    @CheckForNull
    public String getTag() {
        return tag;
    }

    /** @param tag the name of tags of multibranch projects, or a pattern with {@code *} */
    @DataBoundSetter
    public void setTag(@CheckForNull String tag) {
        this.tag = Util.fixEmptyAndTrim(tag);
    }

    /** @return the full name or pattern of jobs outside of multibranch projects; null if it is not about jobs */
    @CheckForNull
    public String getJob() {
        return job;
    }

    /** @param job the full name of jobs outside of multibranch projects, or a pattern with {@code *} */
    @DataBoundSetter
    public void setJob(@CheckForNull String job) {
        this.job = Util.fixEmptyAndTrim(job);
    }

    /** @return whether it is about pull requests; false unless set */
    public boolean isPullRequest() {
        return pullRequest;
    }

    /** @param pullRequest whether it is about pull requests and other change requests of multibranch projects */
    @DataBoundSetter
    public void setPullRequest(boolean pullRequest) {
        this.pullRequest = pullRequest;
    }

    private List<DeploySource.Pattern> patterns() {
        List<DeploySource.Pattern> patterns = new ArrayList<>();
        add(patterns, Kind.BRANCH, branch);
        add(patterns, Kind.TAG, tag);
        add(patterns, Kind.JOB, job);
        add(patterns, Kind.PULL_REQUEST, pullRequest ? ANY : null);
        return patterns;
    }

    private static void add(List<DeploySource.Pattern> patterns, Kind kind, @CheckForNull String text) {
        if (text != null) {
            patterns.add(new DeploySource.Pattern(kind, text));
        }
    }

    private Optional<String> problem() {
        List<DeploySource.Pattern> patterns = patterns();
        return patterns.size() == 1
                ? problemOf(patterns.get(0).text())
                : Optional.of(Messages.DeploySourceConfig_NotOne());
    }

    private static Optional<String> problemOf(String text) {
        if (text.length() > MAX_LENGTH) {
            return Optional.of(Messages.DeploySourceConfig_TooLong(MAX_LENGTH));
        } else if (text.startsWith("/") || text.endsWith("/")) {
            return Optional.of(Messages.DeploySourceConfig_Slash(text));
        }
        return FieldChecks.charactersOfName(text);
    }

    /** @return an error message; empty if the list is valid */
    static Optional<String> problemOf(List<DeploySourceConfig> sources) {
        Set<DeploySource.Pattern> seen = new HashSet<>();
        for (DeploySourceConfig source : sources) {
            Optional<String> problem = source.problem();
            if (problem.isPresent()) {
                return problem;
            } else if (!seen.addAll(source.patterns())) {
                return Optional.of(
                        Messages.ApproverConfig_Twice(source.patterns().get(0).text()));
            }
        }
        return Optional.empty();
    }

    /** @return the patterns of a valid list */
    static List<DeploySource.Pattern> toPatterns(List<DeploySourceConfig> sources) {
        return sources.stream().flatMap(source -> source.patterns().stream()).toList();
    }

    /** The form of a source, and the checks of its fields. */
    @Extension
    @Symbol("deploySource")
    public static class DescriptorImpl extends Descriptor<DeploySourceConfig> {

        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.DeploySourceConfig_DisplayName();
        }

        private static FormValidation check(@CheckForNull Item item, @CheckForNull String value) {
            return FieldChecks.answer(item, problemOf(Util.fixNull(value).strip()));
        }

        /** @return an error if the field is no name or pattern */
        @POST
        public FormValidation doCheckBranch(@AncestorInPath Item item, @QueryParameter String value) {
            return check(item, value);
        }

        /** @return an error if the field is no name or pattern */
        @POST
        public FormValidation doCheckTag(@AncestorInPath Item item, @QueryParameter String value) {
            return check(item, value);
        }

        /** @return an error if the field is no name or pattern */
        @POST
        public FormValidation doCheckJob(@AncestorInPath Item item, @QueryParameter String value) {
            return check(item, value);
        }
    }
}
