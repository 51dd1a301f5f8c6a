package io.jenkins.plugins.deploymentgate.crash.seams;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import jenkins.util.Timer;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.stapler.DataBoundConstructor;

/** {@code savePoint()}: goes on when the pipeline was saved with this step in it. */
public class SavePointStep extends SeamStep {

    /** Called by Jenkins. */
    @DataBoundConstructor
    public SavePointStep() {
        // It has no parameters.
    }

    @Override
    public StepExecution start(StepContext context) {
        return new Run(context);
    }

    private static final class Run extends Execution {

        private static final long serialVersionUID = 1L;

        Run(StepContext context) {
            super(context);
        }

        @Override
        public boolean start() {
            getContext().saveState().addListener(() -> getContext().onSuccess(null), Timer.get());
            return false;
        }
    }

    /** Its descriptor. */
    @Extension(optional = true)
    public static class DescriptorImpl extends SeamDescriptor {

        @Override
        public String getFunctionName() {
            return "savePoint";
        }

        @NonNull
        @Override
        public String getDisplayName() {
            return "Save the pipeline";
        }
    }
}
