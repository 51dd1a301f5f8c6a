package io.jenkins.plugins.deploymentgate.crash.seams;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.init.InitMilestone;
import hudson.init.Initializer;
import hudson.util.PluginServletFilter;
import io.jenkins.plugins.deploymentgate.approval.ApprovalService;
import io.jenkins.plugins.deploymentgate.records.DeploymentRecords;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Stops the controller at the seam that is armed, as if the power had failed. Armed once, by a request or at the start. */
@Extension(optional = true)
public class Faults {

    /** The system property without which all of this does nothing. */
    public static final String ENABLED = Faults.class.getName() + ".enabled";

    /** The variable of the environment that names the seam at which a starting controller stops. */
    public static final String ARMED_AT_START = "DEPLOYMENT_GATE_HALT_AT";

    /** The header of a request that names the seam at which the controller stops. */
    public static final String HEADER = "X-Halt-At";

    private static final int KILLED = 137;

    private volatile Seam armed;

    static Faults get() {
        return ExtensionList.lookupSingleton(Faults.class);
    }

    void arm(String seam) {
        armed = Seam.valueOf(seam);
    }

    boolean isArmed(Seam seam) {
        return armed == seam;
    }

    /** Ends the process here and now if this is the seam that is armed: no shutdown hook runs, and nothing is flushed. */
    void reached(Seam seam) {
        if (isArmed(seam)) {
            Runtime.getRuntime().halt(KILLED);
        }
    }

    /** Puts the store that stops in the place of the store. */
    @Initializer(after = InitMilestone.EXTENSIONS_AUGMENTED, before = InitMilestone.JOB_LOADED)
    @SuppressWarnings("deprecation") // the only way to put an extension in the place of another
    public static void install() throws Exception {
        if (!Boolean.getBoolean(ENABLED)) {
            return;
        }
        ExtensionList<DeploymentRecords> stores = ExtensionList.lookup(DeploymentRecords.class);
        stores.removeAll(List.copyOf(stores));
        stores.add(new StoppingStore());
        PluginServletFilter.addFilter(new StoppingFilter());
        Logger.getLogger(ApprovalService.class.getName()).addHandler(new StoppingHandler());
        String seam = System.getenv(ARMED_AT_START);
        if (seam != null) {
            get().arm(seam);
        }
    }

    /** The service writes its log when it has released the lock and before it tells the step. */
    private static final class StoppingHandler extends Handler {

        @Override
        public void publish(LogRecord entry) {
            if (entry.getMessage() != null && entry.getMessage().startsWith("Recorded the ")) {
                get().reached(Seam.BEFORE_DELIVERY);
            }
        }

        @Override
        public void flush() {
            // Nothing is kept back.
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }
}
