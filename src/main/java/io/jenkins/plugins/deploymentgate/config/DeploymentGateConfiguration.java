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
import io.jenkins.plugins.deploymentgate.engine.EnvironmentPolicy;
import io.jenkins.plugins.deploymentgate.engine.NamePattern;
import io.jenkins.plugins.deploymentgate.engine.ProtectedEnvironments;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.GlobalConfiguration;
import net.sf.json.JSONArray;
import net.sf.json.JSONObject;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.StaplerRequest2;

/**
 * The protected environments of this Jenkins.
 *
 * <p>Kept as XML in Jenkins' home, read strictly: a file that is not wholly understood protects everything, by making
 * {@link #protectedEnvironments} fail, until an administrator has saved the configuration anew. A list is checked as a
 * whole, written, and only then in force. Any thread may read; writers are serialised by this object's monitor.
 */
@Extension
@Symbol("deploymentGate")
public class DeploymentGateConfiguration extends GlobalConfiguration implements PersistentDescriptor {

    private static final Logger LOGGER = Logger.getLogger(DeploymentGateConfiguration.class.getName());

    private static final List<String> NUMBERS = List.of("requiredApprovals", "deadlineMinutes", "waitMinutes");

    private List<ProtectedEnvironment> environments = new ArrayList<>();
    private transient volatile List<ProtectedEnvironment> inForce = List.of();
    private transient volatile String loadFailure;

    /** @return the one of this controller */
    public static DeploymentGateConfiguration get() {
        return ExtensionList.lookupSingleton(DeploymentGateConfiguration.class);
    }

    @NonNull
    @Override
    public String getDisplayName() {
        return Messages.DeploymentGateConfiguration_DisplayName();
    }

    /** @return the protected environments as configured, in order */
    public synchronized List<ProtectedEnvironment> getEnvironments() {
        return List.copyOf(environments);
    }

    /**
     * Puts a new list in force, after it is on disk.
     *
     * @param environments all protected environments; null for none
     * @throws IllegalArgumentException if the list makes no sense; nothing has changed then
     * @throws UncheckedIOException if it cannot be written; nothing has changed then
     */
    @DataBoundSetter
    public synchronized void setEnvironments(@CheckForNull List<ProtectedEnvironment> environments) {
        List<ProtectedEnvironment> wanted = new ArrayList<>(Util.fixNull(environments));
        problem(wanted).ifPresent(problem -> {
            throw new IllegalArgumentException(problem);
        });
        List<ProtectedEnvironment> before = this.environments;
        this.environments = wanted;
        try {
            save();
        } catch (UncheckedIOException e) {
            this.environments = before;
            throw e;
        }
    }

    /**
     * What protects this Jenkins, in the engine's form.
     *
     * @return the policies, with names made canonical by the security realm in force
     * @throws PolicyUnavailableException if the configuration could not be read
     */
    public ProtectedEnvironments protectedEnvironments() throws PolicyUnavailableException {
        if (loadFailure != null) {
            throw new PolicyUnavailableException(Messages.DeploymentGateConfiguration_Unreadable(loadFailure));
        }
        Map<NamePattern, EnvironmentPolicy> policies = new LinkedHashMap<>();
        inForce.forEach(environment -> policies.put(environment.toPattern(), environment.toPolicy()));
        return new ProtectedEnvironments(policies);
    }

    /** @return why the configuration could not be read; empty if it was */
    public Optional<String> getLoadFailure() {
        return Optional.ofNullable(loadFailure);
    }

    /** Leaves the environments alone: the page for all of Jenkins only points to the page of this plugin. */
    @Override
    public boolean configure(StaplerRequest2 request, JSONObject json) {
        return true;
    }

    /**
     * Takes what the page of the protected environments sends.
     *
     * @param request the request
     * @param json its form
     * @throws FormException if the list makes no sense; nothing has changed then
     */
    void configureEnvironments(StaplerRequest2 request, JSONObject json) throws FormException {
        try {
            Object list = json.opt("environments");
            requireNumbers(list);
            setEnvironments(list == null ? List.of() : request.bindJSONToList(ProtectedEnvironment.class, list));
        } catch (IllegalArgumentException e) {
            throw new FormException(e.getMessage(), e, "environments");
        } catch (UncheckedIOException e) {
            throw new FormException(
                    Messages.DeploymentGateConfiguration_NotSaved(e.getCause().getMessage()), e, "environments");
        }
    }

    /** Binding turns what is no number into the default; here it is an error instead. */
    private static void requireNumbers(@CheckForNull Object json) {
        if (json instanceof JSONArray array) {
            array.forEach(DeploymentGateConfiguration::requireNumbers);
        } else if (json instanceof JSONObject object && !object.isNullObject()) {
            for (String field : NUMBERS) {
                String number = object.optString(field).strip();
                if (!number.isEmpty() && !number.matches("-?[0-9]{1,9}")) {
                    throw new IllegalArgumentException(Messages.DeploymentGateConfiguration_NotANumber(number));
                }
            }
            object.values().forEach(DeploymentGateConfiguration::requireNumbers);
        }
    }

    /**
     * Reads the file at start-up. A failure is remembered, and shown by an administrative monitor.
     */
    @Override
    public synchronized void load() {
        XmlFile file = getConfigFile();
        if (!file.exists()) {
            return;
        }
        try {
            file.unmarshal(this);
            loadFailure = environments == null
                    ? "environments"
                    : problem(environments).orElse(null);
        } catch (IOException | RuntimeException e) {
            LOGGER.log(Level.WARNING, e, () -> "Every deployment gate stays closed: cannot read " + file);
            loadFailure = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        }
        if (loadFailure != null) {
            environments = new ArrayList<>();
        }
        inForce = List.copyOf(environments);
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
            if (loadFailure != null && file.exists()) {
                Path broken = file.getFile().toPath();
                Files.copy(
                        broken,
                        broken.resolveSibling(broken.getFileName() + ".unreadable-" + System.currentTimeMillis()));
            }
            file.write(this);
            inForce = List.copyOf(environments);
            loadFailure = null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        SaveableListener.fireOnChange(this, file);
    }

    @Override
    protected XmlFile getConfigFile() {
        return new XmlFile(StrictXml.XSTREAM, super.getConfigFile().getFile());
    }

    private static Optional<String> problem(List<ProtectedEnvironment> environments) {
        Set<String> names = new HashSet<>();
        for (ProtectedEnvironment environment : environments) {
            Optional<String> problem = environment.problem();
            if (problem.isPresent()) {
                return problem;
            } else if (!names.add(environment.getName())) {
                return Optional.of(Messages.DeploymentGateConfiguration_Duplicate(environment.getName()));
            }
        }
        return Optional.empty();
    }
}
