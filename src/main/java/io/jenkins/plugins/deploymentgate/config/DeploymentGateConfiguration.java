package io.jenkins.plugins.deploymentgate.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.BulkChange;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.XmlFile;
import hudson.model.PersistentDescriptor;
import hudson.model.listeners.SaveableListener;
import hudson.security.AccessControlled;
import hudson.security.Permission;
import io.jenkins.plugins.deploymentgate.config.EnvironmentsFile.Content;
import io.jenkins.plugins.deploymentgate.core.policy.ProtectedEnvironments;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import jenkins.model.GlobalConfiguration;
import jenkins.model.Jenkins;
import net.jcip.annotations.GuardedBy;
import net.sf.json.JSONObject;
import org.jenkinsci.Symbol;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.StaplerRequest2;

/**
 * The protected environments of the whole Jenkins.
 *
 * <p>Stored as XML in Jenkins' home and read strictly: a file that cannot be read completely closes every gate until an
 * administrator saves the configuration again. A list is validated as a whole and written before it takes effect. Any thread
 * may read; writers are serialised by this object's monitor.
 */
@Extension
@Symbol("deploymentGate")
public class DeploymentGateConfiguration extends GlobalConfiguration implements PersistentDescriptor, ProtectionScope {

    @GuardedBy("this")
    private List<ProtectedEnvironment> environments = List.of();

    private volatile Content inForce = Content.NOTHING;

    /** @return the one of this controller */
    public static DeploymentGateConfiguration get() {
        return ExtensionList.lookupSingleton(DeploymentGateConfiguration.class);
    }

    @NonNull
    @Override
    public String getDisplayName() {
        return Messages.DeploymentGateConfiguration_DisplayName();
    }

    @Override
    @Restricted(NoExternalUse.class)
    public String getFullName() {
        return "";
    }

    @Override
    @Restricted(NoExternalUse.class)
    public String getPage() {
        return "manage/" + ProtectedEnvironmentsLink.URL + "/";
    }

    @Override
    @Restricted(NoExternalUse.class)
    public AccessControlled getOwner() {
        return Jenkins.get();
    }

    @Override
    @Restricted(NoExternalUse.class)
    public Permission getReadPermission() {
        return Jenkins.SYSTEM_READ;
    }

    @Override
    public synchronized List<ProtectedEnvironment> getEnvironments() {
        return List.copyOf(environments);
    }

    @Override
    @DataBoundSetter
    public synchronized void setEnvironments(@CheckForNull List<ProtectedEnvironment> environments) {
        List<ProtectedEnvironment> before = this.environments;
        this.environments = EnvironmentsFile.validate(environments);
        try {
            save();
        } catch (UncheckedIOException e) {
            this.environments = before;
            throw e;
        }
    }

    @Override
    @Restricted(NoExternalUse.class)
    public synchronized void change(UnaryOperator<List<ProtectedEnvironment>> change) {
        setEnvironments(change.apply(new ArrayList<>(environments)));
    }

    @Override
    @Restricted(NoExternalUse.class)
    public List<ProtectedEnvironments.Entry> entries() throws PolicyUnavailableException {
        Content content = inForce;
        if (content.failure().isPresent()) {
            throw new PolicyUnavailableException(Messages.DeploymentGateConfiguration_Unreadable(
                    content.failure().get()));
        }
        return content.entries("");
    }

    @Override
    @Restricted(NoExternalUse.class)
    public Optional<String> getLoadFailure() {
        return inForce.failure();
    }

    /** Leaves the environments alone: the page for all of Jenkins only points to the page of this plugin. */
    @Override
    public boolean configure(StaplerRequest2 request, JSONObject json) {
        return true;
    }

    /** Reads the file at start-up. A failure is remembered, and shown by an administrative monitor. */
    @Override
    public synchronized void load() {
        inForce =
                EnvironmentsFile.read(getConfigFile().getFile(), Level.WARNING).orElse(Content.NOTHING);
        environments = inForce.environments();
    }

    /**
     * Writes the file. One that could not be read is kept beside it under another name.
     *
     * @throws UncheckedIOException if it cannot be written
     */
    @Override
    public synchronized void save() {
        if (BulkChange.contains(this)) {
            return;
        }
        XmlFile file = getConfigFile();
        try {
            EnvironmentsFile.write(
                    file.getFile(), environments, inForce.failure().isPresent());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        inForce = Content.of(environments);
        SaveableListener.fireOnChange(this, file);
    }
}
