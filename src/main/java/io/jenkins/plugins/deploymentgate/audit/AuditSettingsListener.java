package io.jenkins.plugins.deploymentgate.audit;

import hudson.Extension;
import hudson.XmlFile;
import hudson.model.Saveable;
import hudson.model.listeners.SaveableListener;
import hudson.security.ACL;
import io.jenkins.plugins.deploymentgate.audit.AuditSettings.Author;
import io.jenkins.plugins.deploymentgate.config.DeploymentAuditConfiguration;
import io.jenkins.plugins.deploymentgate.config.DeploymentGateConfiguration;
import io.jenkins.plugins.deploymentgate.config.Identities;
import io.jenkins.plugins.deploymentgate.config.ProtectedEnvironment;
import io.jenkins.plugins.deploymentgate.config.ProtectionScope;
import io.jenkins.plugins.deploymentgate.core.ledger.AuditOrigin;
import io.jenkins.plugins.deploymentgate.core.ledger.AuditedSettings;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.structs.describable.DescribableModel;
import org.springframework.security.core.Authentication;

/** Tells the audit ledger who has changed which setting, before whoever saved it is answered. */
@Extension
public class AuditSettingsListener extends SaveableListener {

    @Override
    public void onChange(Saveable saved, XmlFile file) {
        if (saved instanceof ProtectionScope scope) {
            tell(scope, author());
            AuditSettings.get().settle();
        } else if (saved instanceof DeploymentAuditConfiguration configuration) {
            AuditSettings.get().retention(configuration.getRetentionMonths(), author());
            AuditSettings.get().settle();
        }
    }

    /**
     * Tells it what a scope protects, unless that cannot be read.
     *
     * @param scope the whole Jenkins, a folder or a job
     * @param author who has changed it
     */
    static void tell(ProtectionScope scope, Author author) {
        AuditSettings.get()
                .environments(
                        scope.getFullName(),
                        () -> Optional.of(describe(scope.getEnvironments()))
                                .filter(known -> scope.getLoadFailure().isEmpty()),
                        author);
    }

    /** @return whoever is logged in on this thread */
    static Author author() {
        Authentication caller = Jenkins.getAuthentication2();
        return new Author(
                ACL.SYSTEM2.equals(caller) ? "" : Identities.user(caller.getName()),
                AuditOrigins.get().current());
    }

    /** Tells it what has changed since it was told last, though nobody seems to have saved it. Called after a start. */
    public static void compare() {
        Author unknown = new Author("", AuditOrigin.RECOVERED);
        DeploymentGateConfiguration environments = DeploymentGateConfiguration.get();
        // The lock under which they are saved, and so under which the listener is called.
        synchronized (environments) {
            tell(environments, unknown);
        }
        AuditScopes.compare(unknown);
        DeploymentAuditConfiguration audit = DeploymentAuditConfiguration.get();
        synchronized (audit) {
            AuditSettings.get().retention(audit.getRetentionMonths(), unknown);
        }
        AuditSettings.get().settle();
    }

    private static Map<String, String> describe(List<ProtectedEnvironment> environments) {
        Map<String, String> texts = new TreeMap<>();
        environments.forEach(environment -> texts.put(
                environment.getName(),
                AuditedSettings.describe(
                        DescribableModel.uninstantiate2_(environment).toMap())));
        return texts;
    }
}
