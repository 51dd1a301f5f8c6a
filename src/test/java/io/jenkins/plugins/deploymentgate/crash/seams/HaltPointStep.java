package io.jenkins.plugins.deploymentgate.crash.seams;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import jenkins.util.Timer;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.stapler.DataBoundConstructor;

/** {@code haltPoint()}: the step after the gate. Does nothing unless one of its seams is armed. */
public class HaltPointStep extends SeamStep {

    /** Called by Jenkins. */
    @DataBoundConstructor
    public HaltPointStep() {
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
            Faults faults = Faults.get();
            faults.reached(Seam.AFTER_DELIVERY);
            if (faults.isArmed(Seam.PROGRAM_SAVED)) {
                getContext().saveState().addListener(() -> faults.reached(Seam.PROGRAM_SAVED), Timer.get());
                return false;
            }
            getContext().onSuccess(null);
            return true;
        }
    }

    /** Its descriptor. */
    @Extension(optional = true)
    public static class DescriptorImpl extends SeamDescriptor {

        @Override
        public String getFunctionName() {
            return "haltPoint";
        }

        @NonNull
        @Override
        public String getDisplayName() {
            return "Stop the controller, if this seam is armed";
        }
    }
}
