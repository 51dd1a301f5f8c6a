package io.jenkins.plugins.deploymentgate.audit;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.Util;
import hudson.cli.CLICommand;
import io.jenkins.plugins.deploymentgate.core.ledger.AuditOrigin;
import io.jenkins.plugins.deploymentgate.core.ledger.AuditOrigin.Means;
import org.kohsuke.stapler.Stapler;
import org.kohsuke.stapler.StaplerRequest2;

/**
 * Finds out from where something is done. A page is known by Jenkins' own request of this thread, and a command likewise,
 * though not its address if it came over a WebSocket or SSH; whatever answers requests before Jenkins does has to say so.
 * Any thread may call.
 */
@Extension
public class AuditOrigins {

    private final ThreadLocal<AuditOrigin> declared = new ThreadLocal<>();

    /** @return the one of this controller */
    public static AuditOrigins get() {
        return ExtensionList.lookupSingleton(AuditOrigins.class);
    }

    /** Ends what {@link #declare} has begun. */
    @FunctionalInterface
    public interface Scope extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Says from where everything comes that this thread does until the answer is closed.
     *
     * @param origin from where
     * @return to be closed by the same thread
     */
    public Scope declare(AuditOrigin origin) {
        AuditOrigin before = declared.get();
        declared.set(origin);
        return () -> {
            if (before == null) {
                declared.remove();
            } else {
                declared.set(before);
            }
        };
    }

    /** @return from where comes what this thread is doing; the system if nobody is known to have sent it anything */
    public AuditOrigin current() {
        AuditOrigin known = declared.get();
        if (known != null) {
            return known;
        }
        StaplerRequest2 request = Stapler.getCurrentRequest2();
        String address = request == null ? "" : Util.fixNull(request.getRemoteAddr());
        // Asked before the request: a command that comes over HTTP runs on the thread of its request.
        if (CLICommand.getCurrent() != null) {
            return new AuditOrigin(Means.CLI, address);
        }
        return request == null ? AuditOrigin.SYSTEM : new AuditOrigin(Means.PAGE, address);
    }
}
