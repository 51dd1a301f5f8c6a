package io.jenkins.plugins.deploymentgate.crash.seams;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import java.util.Set;
import jenkins.util.Timer;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.stapler.DataBoundConstructor;

/** {@code savePoint()}: goes on when the pipeline was saved with this step in it. */
public class SavePointStep extends Step {

    /** Called by Jenkins. */
    @DataBoundConstructor
    public SavePointStep() {
        // It has no parameters.
    }

    @Override
    public StepExecution start(StepContext context) {
        return new Execution(context);
    }

    private static final class Execution extends StepExecution {

        private static final long serialVersionUID = 1L;

        Execution(StepContext context) {
            super(context);
        }

        @Override
        public boolean start() {
            getContext().saveState().addListener(() -> getContext().onSuccess(null), Timer.get());
            return false;
        }

        @Override
        public void onResume() {
            getContext().onSuccess(null);
        }
    }

    /** Its descriptor. */
    @Extension(optional = true)
    public static class DescriptorImpl extends StepDescriptor {

        @Override
        public String getFunctionName() {
            return "savePoint";
        }

        @NonNull
        @Override
        public String getDisplayName() {
            return "Save the pipeline";
        }

        @Override
        public Set<? extends Class<?>> getRequiredContext() {
            return Set.of();
        }
    }
}
