package io.jenkins.plugins.deploymentgate.unlock;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.Descriptor;
import hudson.model.Node;
import hudson.model.Queue;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.model.queue.CauseOfBlockage;
import hudson.slaves.NodeProperty;
import hudson.slaves.NodePropertyDescriptor;
import hudson.util.FormValidation;
import io.jenkins.plugins.deploymentgate.core.policy.EnvironmentName;
import io.jenkins.plugins.deploymentgate.core.policy.NamePattern;
import io.jenkins.plugins.deploymentgate.gate.BuildDeployments;
import io.jenkins.plugins.deploymentgate.gate.DeploymentLifecycle;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import jenkins.model.Jenkins;
import net.sf.json.JSONObject;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.verb.POST;

/**
 * Reserves an agent for deployments: the queue gives it only to steps of a build that has a running deployment to one of these
 * environments, and to nothing else. What runs there already is left alone when the deployment ends.
 */
public class EnvironmentAgentProperty extends NodeProperty<Node> {

    private final String environments;

    /**
     * @param environments names and patterns of environments, separated by commas
     * @throws IllegalArgumentException if one of them can be neither, or there is none; the message is for people
     */
    @DataBoundConstructor
    public EnvironmentAgentProperty(String environments) {
        this.environments = Util.fixNull(environments).strip();
        problemOf(this.environments).ifPresent(problem -> {
            throw new IllegalArgumentException(problem);
        });
    }

    /** @return names and patterns of environments, separated by commas */
    public String getEnvironments() {
        return environments;
    }

    private static List<String> split(String environments) {
        return Stream.of(environments.split(",", -1)).map(String::strip).toList();
    }

    private static Optional<String> problemOf(String environments) {
        return split(environments).stream()
                .filter(name -> EnvironmentName.problemOfPattern(name).isPresent())
                .findFirst()
                .map(name -> name.isEmpty()
                        ? Messages.EnvironmentAgentProperty_Empty()
                        : Messages.EnvironmentAgentProperty_NotAName(name));
    }

    /** Agents are configured for the whole Jenkins. */
    private Unlocking unlocking() {
        return new Unlocking(
                null, split(environments).stream().map(NamePattern::new).toList());
    }

    /** Called by the queue, with its lock held. */
    @Override
    @CheckForNull
    public CauseOfBlockage canTake(Queue.BuildableItem item) {
        Run<?, ?> build = item.task.getOwnerExecutable() instanceof Run<?, ?> owner ? owner : null;
        Unlocking unlocking = unlocking();
        if (build == null) {
            return new Locked(Messages.EnvironmentAgentProperty_NoBuild(environments), null);
        }
        Unlocking.Reason reason = unlocking.of(build).reason();
        if (reason == null) {
            return null;
        }
        return new Locked(
                switch (reason) {
                    case NOT_PROTECTED -> Messages.EnvironmentAgentProperty_NotProtected(environments);
                    case UNKNOWN_POLICY -> Messages.EnvironmentAgentProperty_UnknownPolicy(environments);
                    case NOT_RUNNING, OUT_OF_REACH ->
                        Messages.EnvironmentAgentProperty_NotRunning(build.getFullDisplayName(), environments);
                },
                build);
    }

    /** Why the queue does not give the agent to a task; in the console with a link to the deployments of the build. */
    private static final class Locked extends CauseOfBlockage {

        private final String text;

        @CheckForNull
        private final Run<?, ?> build;

        Locked(String text, @CheckForNull Run<?, ?> build) {
            this.text = text;
            this.build = build;
        }

        @Override
        public String getShortDescription() {
            return text;
        }

        @Override
        public void print(TaskListener listener) {
            boolean hasPage = build != null && BuildDeployments.of(build) != null;
            listener.getLogger().println(hasPage ? DeploymentLifecycle.linkTo(build, text) : text);
        }
    }

    /** The form of an agent. */
    @Extension
    @Symbol("deploymentEnvironments")
    public static class DescriptorImpl extends NodePropertyDescriptor {

        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.EnvironmentAgentProperty_DisplayName();
        }

        /** Not on the built-in node, without which no pipeline could start. */
        @Override
        public boolean isApplicable(Class<? extends Node> type) {
            return !Jenkins.class.isAssignableFrom(type);
        }

        @Override
        public NodeProperty<?> newInstance(StaplerRequest2 request, @NonNull JSONObject form) throws FormException {
            Optional<String> problem = problemOf(form.optString("environments").strip());
            if (problem.isPresent()) {
                throw new Descriptor.FormException(problem.get(), "environments");
            }
            return super.newInstance(request, form);
        }

        /** Called while somebody types. */
        @POST
        public FormValidation doCheckEnvironments(@QueryParameter String value) {
            return Jenkins.get().hasPermission(Jenkins.READ)
                    ? problemOf(Util.fixNull(value).strip())
                            .map(FormValidation::error)
                            .orElse(FormValidation.ok())
                    : FormValidation.ok();
        }
    }
}
