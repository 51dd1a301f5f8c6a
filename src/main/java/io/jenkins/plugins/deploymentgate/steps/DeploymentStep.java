package io.jenkins.plugins.deploymentgate.steps;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;

/**
 * <code>deployment('production') { ... }</code>: waits as {@link DeploymentGateStep} does, and then runs the block. The
 * deployment runs while the block runs, and ends as the block ends. Returns what the block returns. Declarative pipelines can
 * use it as an option of a stage; it waits before the agent of the stage is allocated.
 */
@Restricted(NoExternalUse.class)
public class DeploymentStep extends AbstractDeploymentStep {

    private static final long serialVersionUID = 1L;

    /** @param environment the name of a protected environment */
    @DataBoundConstructor
    public DeploymentStep(@NonNull String environment) {
        super(environment);
    }

    @Override
    public StepExecution start(StepContext context) {
        return new DeploymentExecution(context, arguments(), isPropagate());
    }

    /** Describes the step to pipelines and to the Snippet Generator. */
    @Extension
    public static class DescriptorImpl extends AbstractDescriptor {

        @Override
        public String getFunctionName() {
            return "deployment";
        }

        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.DeploymentStep_DisplayName();
        }

        @Override
        public boolean takesImplicitBlockArgument() {
            return true;
        }
    }
}
