package io.jenkins.plugins.deploymentgate.steps;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;

/**
 * {@code deploymentGate(environment: 'production')}: the pipeline waits here until the deployment is approved, holding
 * neither an executor nor a thread. Returns a map that says who approved. The deployment runs until the build ends.
 */
@Restricted(NoExternalUse.class)
public class DeploymentGateStep extends AbstractDeploymentStep {

    private static final long serialVersionUID = 1L;

    /** @param environment the name of a protected environment */
    @DataBoundConstructor
    public DeploymentGateStep(@NonNull String environment) {
        super(environment);
    }

    @Override
    public StepExecution start(StepContext context) {
        return new DeploymentGateExecution(context, arguments(), isPropagate());
    }

    /** Describes the step to pipelines and to the Snippet Generator. */
    @Extension
    public static class DescriptorImpl extends AbstractDescriptor {

        @Override
        public String getFunctionName() {
            return "deploymentGate";
        }

        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.DeploymentGateStep_DisplayName();
        }
    }
}
