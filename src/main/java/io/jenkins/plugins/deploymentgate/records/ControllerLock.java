package io.jenkins.plugins.deploymentgate.records;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.init.InitMilestone;
import hudson.init.Initializer;
import hudson.init.Terminator;
import hudson.model.AdministrativeMonitor;
import io.jenkins.plugins.deploymentgate.core.record.OwnerLock;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.Locale;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;
import jenkins.util.SystemProperties;
import org.jvnet.localizer.Localizable;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Lets only one Jenkins at a time write the files of this plugin in a home directory. A second one refuses votes and
 * gates, warns its administrators, and takes over when the first one has ended. It has no deployment in memory until
 * then. Any thread may call.
 */
@Extension
@Restricted(NoExternalUse.class)
public class ControllerLock extends AdministrativeMonitor {

    /** Named in the order of shutdown: whoever writes attains this first, and then the lock is released. */
    public static final String WRITERS_CLOSED = "deployment-gate-writers-closed";

    private static final Logger LOGGER = Logger.getLogger(ControllerLock.class.getName());
    private static final String SKIP = ControllerLock.class.getName() + ".skip";

    private final OwnerLock lock = new OwnerLock(
            Jenkins.get().getRootDir().toPath().resolve("deployment-gate/controller.lock"),
            ManagementFactory.getRuntimeMXBean().getName() + ", " + Instant.now());

    private volatile boolean stopped;

    /** Whether this Jenkins has owned the home directory. */
    private volatile boolean owned;

    /** Whether another one has taken it since. What is in memory can be wrong then. */
    private volatile boolean lost;

    @CheckForNull
    private volatile Localizable problem;

    /** @return the lock of this controller */
    public static ControllerLock get() {
        return ExtensionList.lookupSingleton(ControllerLock.class);
    }

    /** Called before jobs are loaded. */
    @Initializer(after = InitMilestone.EXTENSIONS_AUGMENTED, before = InitMilestone.JOB_LOADED)
    public static void acquire() {
        try {
            get().checkOwned();
        } catch (UnavailableException e) {
            LOGGER.log(Level.FINE, e, () -> "Tried again before each write");
        }
    }

    /** Called when Jenkins stops. */
    @Terminator(requires = WRITERS_CLOSED)
    public static void stop() throws IOException {
        get().stopped = true;
        get().lock.release();
    }

    OwnerLock lock() {
        return lock;
    }

    /**
     * Called before each write, and before something is read that later writes depend on.
     *
     * @throws UnavailableException if another Jenkins uses the home directory, or that cannot be found out
     */
    public void checkOwned() throws UnavailableException {
        if (stopped) {
            throw new UnavailableException(Messages.ControllerLock_Stopped(), null);
        }
        if (SystemProperties.getBoolean(SKIP)) {
            return;
        }
        Localizable now;
        IOException cause;
        try {
            boolean owner = !lost && lock.own();
            lost |= owned && !owner;
            owned |= owner;
            if (owner) {
                now = null;
            } else {
                now = lost ? Messages._ControllerLock_Lost() : Messages._ControllerLock_Other(lock.describeOwner());
            }
            cause = null;
        } catch (IOException e) {
            now = Messages._ControllerLock_Failed(e.getMessage());
            cause = e;
        }
        report(now, cause);
        if (now != null) {
            throw new UnavailableException(now.toString(), cause);
        }
    }

    private void report(@CheckForNull Localizable now, @CheckForNull IOException cause) {
        boolean changed = (now == null) != (problem == null);
        problem = now;
        if (changed) {
            LOGGER.log(
                    Level.WARNING,
                    cause,
                    () -> now == null
                            ? "This Jenkins is now the only one that uses its home directory"
                            : now.toString(Locale.ENGLISH));
        }
    }

    @Override
    public boolean isActivated() {
        return problem != null;
    }

    @Override
    public String getDisplayName() {
        return Messages.ControllerLock_DisplayName();
    }

    /** @return what is wrong, in the reader's language; null if nothing is */
    @CheckForNull
    public Localizable getProblem() {
        return problem;
    }
}
