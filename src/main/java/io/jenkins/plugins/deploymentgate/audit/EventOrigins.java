package io.jenkins.plugins.deploymentgate.audit;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.Util;
import hudson.cli.CLICommand;
import io.jenkins.plugins.deploymentgate.core.ledger.LedgerEvent.Means;
import io.jenkins.plugins.deploymentgate.core.ledger.LedgerEvent.Origin;
import java.io.Closeable;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.Stapler;
import org.kohsuke.stapler.StaplerRequest2;

/**
 * Finds out where the current action comes from. Requests to pages and commands are known from the thread, although the
 * address of a command is not if it came over a WebSocket or SSH. Code that answers requests before Stapler declares it. Any
 * thread may call.
 */
@Extension
@Restricted(NoExternalUse.class)
public class EventOrigins {

    private final ThreadLocal<Origin> declared = new ThreadLocal<>();

    /** @return the one of this controller */
    public static EventOrigins get() {
        return ExtensionList.lookupSingleton(EventOrigins.class);
    }

    /** Declares where the actions of this thread come from, until the result is closed. */
    public Closeable declare(Origin origin) {
        Origin before = declared.get();
        declared.set(origin);
        return () -> {
            if (before == null) {
                declared.remove();
            } else {
                declared.set(before);
            }
        };
    }

    /** @return where the current action of this thread comes from; the system if there is no request */
    public Origin current() {
        StaplerRequest2 request = Stapler.getCurrentRequest2();
        String address = request == null ? "" : Util.fixNull(request.getRemoteAddr());
        // In this order: a command that comes over HTTP runs on the thread of its request.
        if (declared.get() != null) {
            return declared.get();
        } else if (CLICommand.getCurrent() != null) {
            return new Origin(Means.CLI, address);
        }
        return request == null ? Origin.SYSTEM : new Origin(Means.PAGE, address);
    }
}
