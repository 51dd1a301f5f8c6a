package io.jenkins.plugins.deploymentgate.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Util;
import hudson.model.Item;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.util.ComboBoxModel;
import hudson.util.FormValidation;
import io.jenkins.plugins.deploymentgate.core.policy.DeploymentDescription;
import io.jenkins.plugins.deploymentgate.gate.PolicyLookup;
import io.jenkins.plugins.deploymentgate.gate.StepArguments;
import java.io.Serializable;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** The parameters of the steps that ask for a deployment to an environment, and their form. */
@Restricted(NoExternalUse.class)
public abstract class AbstractDeploymentStep extends Step implements Serializable {

    private static final long serialVersionUID = 1L;

    private final String environment;

    @CheckForNull
    private String message;

    @CheckForNull
    private String version;

    @CheckForNull
    private String url;

    @CheckForNull
    private Integer deadlineMinutes;

    private boolean allowOlder;
    private boolean propagate = true;

    AbstractDeploymentStep(@NonNull String environment) {
        this.environment = Util.fixNull(environment);
    }

    /** @return the name of the environment, as the pipeline gives it */
    public String getEnvironment() {
        return environment;
    }

    /** @return what the approvers are told; null if nothing */
    @CheckForNull
    public String getMessage() {
        return message;
    }

    /** @param message what the approvers are told, plain text; null for nothing */
    @DataBoundSetter
    public void setMessage(@CheckForNull String message) {
        this.message = Util.fixEmptyAndTrim(message);
    }

    /** @return what is deployed, such as a version or the name of an artifact; null if that is not told */
    @CheckForNull
    public String getVersion() {
        return version;
    }

    /** @param version what is deployed, one line; null for nothing */
    @DataBoundSetter
    public void setVersion(@CheckForNull String version) {
        this.version = Util.fixEmptyAndTrim(version);
    }

    /** @return where approvers can look at what is deployed; null for nowhere */
    @CheckForNull
    public String getUrl() {
        return url;
    }

    /** @param url where approvers can look at what is deployed, an absolute address with http or https; null for nowhere */
    @DataBoundSetter
    public void setUrl(@CheckForNull String url) {
        this.url = Util.fixEmptyAndTrim(url);
    }

    /** @return how long the pipeline is willing to wait, in minutes; null for as long as the environment gives */
    @CheckForNull
    public Integer getDeadlineMinutes() {
        return deadlineMinutes;
    }

    /**
     * @param deadlineMinutes how long the pipeline is willing to wait, in minutes, 1 or more; the deadline of the
     *     environment holds where it is shorter. Null for as long as the environment gives
     */
    @DataBoundSetter
    public void setDeadlineMinutes(@CheckForNull Integer deadlineMinutes) {
        this.deadlineMinutes = deadlineMinutes;
    }

    /** @return whether to deploy also if a newer build of the job was deployed there; false unless set */
    public boolean isAllowOlder() {
        return allowOlder;
    }

    /**
     * @param allowOlder whether to deploy also if a newer build of the job was deployed there, or supersedes this one; the
     *     approvers see that it is a rollback
     */
    @DataBoundSetter
    public void setAllowOlder(boolean allowOlder) {
        this.allowOlder = allowOlder;
    }

    /** @return whether the step fails if the deployment is rejected, expires or is forbidden */
    public boolean isPropagate() {
        return propagate;
    }

    /**
     * @param propagate whether the step fails if the deployment is rejected, expires or is forbidden; if not, the script has
     *     to look at the status that the step returns
     */
    @DataBoundSetter
    public void setPropagate(boolean propagate) {
        this.propagate = propagate;
    }

    /** @return what the pipeline asks for; not checked yet */
    StepArguments arguments() {
        return new StepArguments(
                environment,
                new DeploymentDescription(Util.fixNull(message), Util.fixNull(version), Util.fixNull(url)),
                Optional.ofNullable(deadlineMinutes).map(Duration::ofMinutes),
                allowOlder);
    }

    /** Describes such a step to pipelines and to the Snippet Generator. */
    public abstract static class AbstractDescriptor extends StepDescriptor {

        @Override
        public Set<? extends Class<?>> getRequiredContext() {
            return Set.of(Run.class, TaskListener.class, FlowNode.class);
        }

        @Override
        public String argumentsToString(@NonNull Map<String, Object> namedArgs) {
            Object environment = namedArgs.get("environment");
            return environment instanceof String ? (String) environment : null;
        }

        /**
         * Offers the environments that are known, to people who may see configurations.
         *
         * @param item the job whose Snippet Generator asks; null at the top level
         * @return the names
         */
        @POST
        public ComboBoxModel doFillEnvironmentItems(@AncestorInPath Item item) {
            return mayAsk(item) ? new ComboBoxModel(PolicyLookup.get().environmentNames(item)) : new ComboBoxModel();
        }

        /**
         * Checks the name as it is filled in.
         *
         * @param item the job whose Snippet Generator asks; null at the top level
         * @param value what is in the field
         * @return an error if no pipeline of today could pass a gate of that name
         */
        @POST
        public FormValidation doCheckEnvironment(@AncestorInPath Item item, @QueryParameter String value) {
            if (!mayAsk(item)) {
                return FormValidation.ok();
            } else if (Util.fixEmptyAndTrim(value) == null) {
                return FormValidation.error(Messages.AbstractDeploymentStep_EnvironmentMissing());
            }
            return answer(PolicyLookup.get().problemOf(item, value));
        }

        /** @return an error if this cannot be shown as a version */
        @POST
        public FormValidation doCheckVersion(@QueryParameter String value) {
            return answer(StepArguments.problemOfVersion(Util.fixNull(value).strip()));
        }

        /** @return an error for anything but the address of a web page */
        @POST
        public FormValidation doCheckUrl(@QueryParameter String value) {
            return answer(StepArguments.problemOfUrl(Util.fixNull(value).strip()));
        }

        private static FormValidation answer(Optional<String> problem) {
            return problem.map(FormValidation::error).orElse(FormValidation.ok());
        }

        /**
         * Checks the field as it is filled in.
         *
         * @param value what is in the field; empty for the deadline of the environment
         * @return an error for anything that is no number of minutes
         */
        @POST
        public FormValidation doCheckDeadlineMinutes(@QueryParameter String value) {
            return Util.fixEmptyAndTrim(value) == null
                    ? FormValidation.ok()
                    : FormValidation.validatePositiveInteger(value);
        }

        private static boolean mayAsk(Item item) {
            return item == null
                    ? Jenkins.get().hasPermission(Jenkins.ADMINISTER)
                    : item.hasPermission(Item.EXTENDED_READ) || item.hasPermission(Item.CONFIGURE);
        }
    }
}
