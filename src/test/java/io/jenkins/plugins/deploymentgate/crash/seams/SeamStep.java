package io.jenkins.plugins.deploymentgate.crash.seams;

import java.util.Set;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;
import org.jenkinsci.plugins.workflow.steps.StepExecution;

/** A step of the crash tests. It has no parameters, needs no context, and is over when it is resumed. */
abstract class SeamStep extends Step {

    /** Its execution. */
    abstract static class Execution extends StepExecution {

        private static final long serialVersionUID = 1L;

        Execution(StepContext context) {
            super(context);
        }

        @Override
        public void onResume() {
            getContext().onSuccess(null);
        }
    }

    /** Its descriptor. */
    public abstract static class SeamDescriptor extends StepDescriptor {

        @Override
        public Set<? extends Class<?>> getRequiredContext() {
            return Set.of();
        }
    }
}
