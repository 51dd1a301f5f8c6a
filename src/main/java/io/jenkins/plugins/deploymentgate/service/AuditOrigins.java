package io.jenkins.plugins.deploymentgate.service;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.Util;
import hudson.cli.CLICommand;
import io.jenkins.plugins.deploymentgate.engine.AuditOrigin;
import io.jenkins.plugins.deploymentgate.engine.AuditOrigin.Means;
import org.kohsuke.stapler.Stapler;
import org.kohsuke.stapler.StaplerRequest2;

/**
 * Finds out from where something is done. A page is known by Jenkins' own request of this thread, and a command likewise;
 * whatever answers requests before Jenkins does has to say so. Any thread may call.
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
    AuditOrigin current() {
        AuditOrigin known = declared.get();
        if (known != null) {
            return known;
        }
        StaplerRequest2 request = Stapler.getCurrentRequest2();
        if (request != null) {
            return new AuditOrigin(Means.PAGE, Util.fixNull(request.getRemoteAddr()));
        }
        return CLICommand.getCurrent() == null ? AuditOrigin.SYSTEM : new AuditOrigin(Means.CLI, "");
    }
}
