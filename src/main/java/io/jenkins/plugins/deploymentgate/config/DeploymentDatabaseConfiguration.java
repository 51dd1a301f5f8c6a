package io.jenkins.plugins.deploymentgate.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.BulkChange;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.Util;
import hudson.model.PersistentDescriptor;
import hudson.util.FormValidation;
import hudson.util.Secret;
import io.jenkins.plugins.deploymentgate.core.index.ReadModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import jenkins.model.GlobalConfiguration;
import jenkins.model.Jenkins;
import net.jcip.annotations.GuardedBy;
import net.sf.json.JSONObject;
import org.jenkinsci.Symbol;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.verb.POST;

/**
 * The PostgreSQL database from which lists of deployments are answered; without one, a file in Jenkins' home is used. Any
 * thread may call.
 */
@Extension
@Symbol("deploymentDatabase")
public class DeploymentDatabaseConfiguration extends GlobalConfiguration implements PersistentDescriptor {

    private static final String PREFIX = "jdbc:postgresql:";

    @GuardedBy("this")
    private String url = "";

    @GuardedBy("this")
    private String user = "";

    @GuardedBy("this")
    private Secret password;

    /** @return the one of this controller */
    public static DeploymentDatabaseConfiguration get() {
        return ExtensionList.lookupSingleton(DeploymentDatabaseConfiguration.class);
    }

    @NonNull
    @Override
    public String getDisplayName() {
        return Messages.DeploymentDatabaseConfiguration_DisplayName();
    }

    /** @return the JDBC address; empty to use a file in Jenkins' home */
    public synchronized String getUrl() {
        return url;
    }

    /** @throws IllegalArgumentException if it is neither empty nor the address of a PostgreSQL database */
    @DataBoundSetter
    public synchronized void setUrl(@CheckForNull String url) {
        String address = Util.fixNull(url).strip();
        if (!isValid(address)) {
            throw new IllegalArgumentException(Messages.DeploymentDatabaseConfiguration_Url(PREFIX));
        }
        this.url = address;
        save();
    }

    /** @return the name of the database user */
    public synchronized String getUser() {
        return user;
    }

    @DataBoundSetter
    public synchronized void setUser(@CheckForNull String user) {
        this.user = Util.fixNull(user).strip();
        save();
    }

    @CheckForNull
    public synchronized Secret getPassword() {
        return password;
    }

    @DataBoundSetter
    public synchronized void setPassword(@CheckForNull Secret password) {
        this.password = password;
        save();
    }

    private static boolean isValid(String url) {
        return url.isEmpty() || url.startsWith(PREFIX);
    }

    /**
     * @param controller tells the rows of this controller from those of others
     * @return how to reach the database; empty if none is configured
     */
    @Restricted(NoExternalUse.class)
    public synchronized Optional<ReadModel.Server> server(String controller) {
        return url.isEmpty()
                ? Optional.empty()
                : Optional.of(new ReadModel.Server(url, user, Secret.toString(password), controller));
    }

    @Override
    public boolean configure(StaplerRequest2 request, JSONObject json) throws FormException {
        String address = json.optString("url").strip();
        if (!isValid(address)) {
            throw new FormException(Messages.DeploymentDatabaseConfiguration_Url(PREFIX), "url");
        }
        // One save, and so one reconnection, for all three.
        try (BulkChange all = new BulkChange(this)) {
            request.bindJSON(this, json);
            all.commit();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return true;
    }

    /** @return an error if the field is not the address of a PostgreSQL database */
    @POST
    public FormValidation doCheckUrl(@QueryParameter String value) {
        if (!Jenkins.get().hasPermission(Jenkins.ADMINISTER)
                || isValid(Util.fixNull(value).strip())) {
            return FormValidation.ok();
        }
        return FormValidation.error(Messages.DeploymentDatabaseConfiguration_Url(PREFIX));
    }
}
