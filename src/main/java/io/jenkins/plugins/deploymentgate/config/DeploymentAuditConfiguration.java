package io.jenkins.plugins.deploymentgate.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.BulkChange;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.Util;
import hudson.XmlFile;
import hudson.model.PersistentDescriptor;
import hudson.model.listeners.SaveableListener;
import hudson.util.FormValidation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import jenkins.model.GlobalConfiguration;
import jenkins.model.Jenkins;
import net.jcip.annotations.GuardedBy;
import org.jenkinsci.Symbol;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/**
 * How long the audit ledger is kept: set on the page of the ledger and by configuration as code, not on the page for
 * all of Jenkins. Any thread may call.
 */
@Extension
@Symbol("deploymentAudit")
public class DeploymentAuditConfiguration extends GlobalConfiguration implements PersistentDescriptor {

    /** The longest time that can be set, in months: a hundred years. */
    static final int MAX_MONTHS = 1200;

    @GuardedBy("this")
    private int retentionMonths;

    /** @return the one of this controller */
    public static DeploymentAuditConfiguration get() {
        return ExtensionList.lookupSingleton(DeploymentAuditConfiguration.class);
    }

    @NonNull
    @Override
    public String getDisplayName() {
        return Messages.DeploymentAuditConfiguration_DisplayName();
    }

    /** @return how many whole months are kept beside the current one; 0 for ever */
    public synchronized int getRetentionMonths() {
        return retentionMonths;
    }

    /**
     * Puts another time in force, after it is on disk.
     *
     * @param retentionMonths how many whole months are kept beside the current one; 0 for ever
     * @throws IllegalArgumentException if it is out of range; nothing has changed then
     * @throws UncheckedIOException if it cannot be written; nothing has changed then
     */
    @DataBoundSetter
    public synchronized void setRetentionMonths(int retentionMonths) {
        problem(retentionMonths).ifPresent(problem -> {
            throw new IllegalArgumentException(problem);
        });
        int before = this.retentionMonths;
        this.retentionMonths = retentionMonths;
        try {
            save();
        } catch (UncheckedIOException e) {
            this.retentionMonths = before;
            throw e;
        }
    }

    /** @throws UncheckedIOException if it cannot be written */
    @Override
    public synchronized void save() {
        if (BulkChange.contains(this)) {
            return;
        }
        XmlFile file = getConfigFile();
        try {
            file.write(this);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        SaveableListener.fireOnChange(this, file);
    }

    private static Optional<String> problem(@CheckForNull Integer months) {
        return months == null || months < 0 || months > MAX_MONTHS
                ? Optional.of(Messages.DeploymentAuditConfiguration_OutOfRange(MAX_MONTHS))
                : Optional.empty();
    }

    /**
     * @param text what is in the field; empty for ever
     * @return the number of months
     * @throws IllegalArgumentException if it is no number in range; the message is for people
     */
    @Restricted(NoExternalUse.class)
    public static int parse(@CheckForNull String text) {
        String number = Util.fixNull(text).strip();
        Integer months = number.isEmpty() ? Integer.valueOf(0) : FieldChecks.number(number);
        problem(months).ifPresent(problem -> {
            throw new IllegalArgumentException(problem);
        });
        return months == null ? 0 : months;
    }

    /** @return an error if the field is no number of months in range */
    @POST
    public FormValidation doCheckRetentionMonths(@QueryParameter String value) {
        if (!Jenkins.get().hasPermission(Jenkins.ADMINISTER)) {
            return FormValidation.ok();
        }
        try {
            parse(value);
            return FormValidation.ok();
        } catch (IllegalArgumentException e) {
            return FormValidation.error(e.getMessage());
        }
    }
}
