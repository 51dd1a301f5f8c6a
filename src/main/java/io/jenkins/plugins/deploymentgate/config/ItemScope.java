package io.jenkins.plugins.deploymentgate.config;

import hudson.XmlFile;
import hudson.model.Item;
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
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * The protected environments of a folder or of a job. Holds nothing but the item; {@link ItemScopes} has the rest. They
 * are neither in the item's {@code config.xml} nor among its properties, because whoever may configure the job, or write
 * its Jenkinsfile, could drop them there.
 */
@Restricted(NoExternalUse.class)
public final class ItemScope implements ProtectionScope {

    private final Item item;

    private ItemScope(Item item) {
        this.item = item;
    }

    /**
     * @param item a folder or a job, as Jenkins knows it now
     * @return its scope, also if nothing is protected there
     */
    public static ItemScope of(Item item) {
        return new ItemScope(item);
    }

    @Override
    public String getFullName() {
        return item.getFullName();
    }

    @Override
    public String getPage() {
        return item.getUrl() + ProtectedEnvironmentsLink.URL + "/";
    }

    @Override
    public AccessControlled getOwner() {
        return item;
    }

    @Override
    public Permission getReadPermission() {
        return Item.EXTENDED_READ;
    }

    @Override
    public List<ProtectedEnvironment> getEnvironments() {
        return ItemScopes.get().of(item).environments();
    }

    @Override
    public Optional<String> getLoadFailure() {
        return ItemScopes.get().of(item).failure();
    }

    @Override
    public List<ProtectedEnvironments.Entry> entries() throws PolicyUnavailableException {
        Content content = ItemScopes.get().of(item);
        if (content.failure().isPresent()) {
            throw new PolicyUnavailableException(Messages.ItemScope_Unreadable(
                    getFullName(), content.failure().get()));
        }
        return content.entries(getFullName());
    }

    @Override
    public void setEnvironments(List<ProtectedEnvironment> environments) {
        change(before -> environments);
    }

    @Override
    public void change(UnaryOperator<List<ProtectedEnvironment>> change) {
        XmlFile file;
        synchronized (ItemScopes.get()) {
            List<ProtectedEnvironment> wanted =
                    EnvironmentsFile.validate(change.apply(new ArrayList<>(getEnvironments())));
            try {
                file = ItemScopes.get().write(item, wanted);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        SaveableListener.fireOnChange(this, file);
    }

    /** Saves the same again. */
    @Override
    public void save() {
        setEnvironments(getEnvironments());
    }
}
