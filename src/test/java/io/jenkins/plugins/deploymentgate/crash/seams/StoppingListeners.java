package io.jenkins.plugins.deploymentgate.crash.seams;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.console.LineTransformationOutputStream;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.model.listeners.RunListener;
import io.jenkins.plugins.deploymentgate.core.deployment.Deployment;
import io.jenkins.plugins.deploymentgate.gate.DeploymentListener;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.jenkinsci.plugins.workflow.flow.FlowExecutionOwner;
import org.jenkinsci.plugins.workflow.log.TaskListenerDecorator;

/** What hears of a deployment before or after everybody else. */
final class StoppingListeners {

    private StoppingListeners() {}

    /** The last of those who hear of a change. */
    @Extension(ordinal = -1000, optional = true)
    public static class LastToHear implements DeploymentListener {

        @Override
        public void onChanged(@NonNull Run<?, ?> build, @NonNull Deployment deployment) {
            Faults.get().reached(Seam.AFTER_LISTENERS);
        }
    }

    /** The first of those who hear of the end of a build. */
    @Extension(ordinal = 1000, optional = true)
    public static class BeforeClosing extends RunListener<Run<?, ?>> {

        @Override
        public void onCompleted(Run<?, ?> build, @NonNull TaskListener listener) {
            Faults.get().reached(Seam.BUILD_ENDING);
        }
    }

    /** The last of those who hear of the end of a build. */
    @Extension(ordinal = -1000, optional = true)
    public static class AfterClosing extends RunListener<Run<?, ?>> {

        @Override
        public void onCompleted(Run<?, ?> build, @NonNull TaskListener listener) {
            Faults.get().reached(Seam.DEPLOYMENT_CLOSED);
        }
    }

    /** Reads the consoles along. */
    @Extension(optional = true)
    public static class Consoles implements TaskListenerDecorator.Factory {

        @Override
        public TaskListenerDecorator of(@NonNull FlowExecutionOwner owner) {
            return Boolean.getBoolean(Faults.ENABLED) ? new Reader() : null;
        }
    }

    private static final class Reader extends TaskListenerDecorator {

        private static final long serialVersionUID = 1L;

        @NonNull
        @Override
        public OutputStream decorate(@NonNull OutputStream logger) {
            return new LineTransformationOutputStream.Delegating(logger) {
                @Override
                protected void eol(byte[] bytes, int length) throws IOException {
                    out.write(bytes, 0, length);
                    if (new String(bytes, 0, length, StandardCharsets.UTF_8)
                            .matches("(?s).*(approved|rejected|withdrew the approval of) the deployment to .*")) {
                        out.flush();
                        Faults.get().reached(Seam.AFTER_CONSOLE);
                    }
                }
            };
        }
    }
}
