package io.jenkins.plugins.deploymentgate.benchmark.probe;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Run;
import java.util.Set;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.stapler.DataBoundConstructor;

/** {@code nextStep()}: the step after the gate. Tells when it begins, and waits, so that nothing but votes is measured. */
public class NextStep extends Step {

    /** Called by Jenkins. */
    @DataBoundConstructor
    public NextStep() {
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
        public boolean start() throws Exception {
            Probe.get().reached(getContext().get(Run.class).getExternalizableId(), getContext());
            return false;
        }
    }

    /** Its descriptor. */
    @Extension(optional = true)
    public static class DescriptorImpl extends StepDescriptor {

        @Override
        public String getFunctionName() {
            return "nextStep";
        }

        @NonNull
        @Override
        public String getDisplayName() {
            return "Tell when the step after the gate begins";
        }

        @Override
        public Set<? extends Class<?>> getRequiredContext() {
            return Set.of(Run.class);
        }
    }
}
