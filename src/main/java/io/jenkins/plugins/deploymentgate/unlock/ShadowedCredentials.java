package io.jenkins.plugins.deploymentgate.unlock;

import com.cloudbees.plugins.credentials.Credentials;
import com.cloudbees.plugins.credentials.CredentialsMatchers;
import com.cloudbees.plugins.credentials.CredentialsParameterValue;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsStore;
import com.cloudbees.plugins.credentials.CredentialsUseListener;
import com.cloudbees.plugins.credentials.common.IdCredentials;
import hudson.model.Item;
import hudson.model.Node;
import hudson.model.ParametersAction;
import hudson.model.Run;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.deploymentgate.gate.ConsoleText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jenkinsci.plugins.variant.OptionalExtension;
import org.jenkinsci.plugins.workflow.flow.FlowExecutionOwner;
import org.jvnet.localizer.Localizable;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Warns in the console when several credentials have the ID that a build uses, one of them of an environment: it is easy to be
 * mistaken about which ones are used. A build parameter with that name goes before all stores.
 */
@OptionalExtension(requirePlugins = "credentials")
@Restricted(NoExternalUse.class)
public class ShadowedCredentials implements CredentialsUseListener {

    private static final Logger LOGGER = Logger.getLogger(ShadowedCredentials.class.getName());

    @Override
    public void onUse(Credentials used, @SuppressWarnings("rawtypes") Run build) {
        if (used instanceof EnvironmentCredentials ours) {
            List<String> others = others(build.getParent(), ours.getId());
            if (!others.isEmpty()) {
                warn(
                        build,
                        Messages._ShadowedCredentials_Others(
                                ours.getId(), String.join(", ", others), ours.getEnvironments()));
            }
        } else if (used instanceof IdCredentials other && build.getAction(ParametersAction.class) != null) {
            parameters(build, other.getId());
        }
    }

    /** All stores with credentials of that ID but the one whose credentials are used. */
    private static List<String> others(Item job, String id) {
        List<String> others = new ArrayList<>();
        boolean usedFound = false;
        for (CredentialsStore store : CredentialsProvider.lookupStores(job)) {
            if (has(store, id)) {
                boolean isUsed = !usedFound && store instanceof EnvironmentCredentialsStore;
                usedFound |= isUsed;
                if (!isUsed) {
                    others.add(store.getContextDisplayName() + " (" + store.getDisplayName() + ")");
                }
            }
        }
        return others;
    }

    private static boolean has(CredentialsStore store, String id) {
        try (ACLContext ignored = ACL.as2(ACL.SYSTEM2)) {
            return store.getDomains().stream()
                    .anyMatch(domain -> CredentialsMatchers.firstOrNull(
                                    store.getCredentials(domain), CredentialsMatchers.withId(id))
                            != null);
        }
    }

    private static void parameters(Run<?, ?> build, String used) {
        build.getAction(ParametersAction.class).getParameters().stream()
                .filter(parameter -> parameter instanceof CredentialsParameterValue value
                        && used.equals(value.getValue())
                        && !used.equals(value.getName()))
                .map(parameter -> parameter.getName())
                .forEach(name -> {
                    for (CredentialsStore store : CredentialsProvider.lookupStores(build.getParent())) {
                        if (store instanceof EnvironmentCredentialsStore && has(store, name)) {
                            warn(
                                    build,
                                    Messages._ShadowedCredentials_Parameter(name, used, store.getContextDisplayName()));
                        }
                    }
                });
    }

    private static void warn(Run<?, ?> build, Localizable warning) {
        FlowExecutionOwner pipeline =
                build instanceof FlowExecutionOwner.Executable executable ? executable.asFlowExecutionOwner() : null;
        if (pipeline != null) {
            try {
                pipeline.getListener().getLogger().println(ConsoleText.inLanguageOfServer(warning));
            } catch (IOException e) {
                LOGGER.log(Level.WARNING, e, () -> "Cannot write to the console of " + build);
            }
        }
    }

    /** Does nothing: only builds can use credentials of environments. */
    @Override
    public void onUse(Credentials used, Node node) {}

    /** Does nothing: only builds can use credentials of environments. */
    @Override
    public void onUse(Credentials used, Item item) {}
}
