package io.jenkins.plugins.deploymentgate.unlock;

import com.cloudbees.plugins.credentials.Credentials;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsStore;
import com.cloudbees.plugins.credentials.CredentialsStoreAction;
import com.cloudbees.plugins.credentials.domains.Domain;
import com.cloudbees.plugins.credentials.domains.DomainCredentials;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Item;
import hudson.model.ModelObject;
import hudson.security.AccessControlled;
import hudson.security.Permission;
import io.jenkins.plugins.deploymentgate.config.DeploymentPermissions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import jenkins.model.Jenkins;
import org.springframework.security.core.Authentication;

/**
 * The credentials of environments at one place, for the pages, commands and REST addresses of the credentials plugin. Each domain
 * is an environment, or a pattern of such. Here are the credentials as they are stored; builds get {@link CredentialsLock}.
 *
 * <p>To see them takes Credentials/View; to change them, the permission of the credentials plugin and Deployment/Manage, because
 * whoever can move or rename them can unlock them. Keeps nothing; any thread may call.
 */
final class EnvironmentCredentialsStore extends CredentialsStore {

    @CheckForNull
    private final Item folder;

    private final CredentialsStoreAction action = new Action();

    /** @param folder a folder as Jenkins knows it now; null for the whole Jenkins */
    EnvironmentCredentialsStore(@CheckForNull Item folder) {
        super(EnvironmentCredentialsProvider.class);
        this.folder = folder;
    }

    /** The pages below {@code credentials/store/environment/}. */
    private final class Action extends CredentialsStoreAction {

        @NonNull
        @Override
        public CredentialsStore getStore() {
            return EnvironmentCredentialsStore.this;
        }

        @Override
        public String getIconClassName() {
            return isVisible() ? EnvironmentCredentialsProvider.ICON : null;
        }
    }

    @NonNull
    @Override
    public ModelObject getContext() {
        return folder == null ? Jenkins.get() : folder;
    }

    @Override
    public boolean hasPermission2(@NonNull Authentication caller, @NonNull Permission permission) {
        AccessControlled owner = folder == null ? Jenkins.get() : folder;
        return owner.hasPermission2(caller, permission)
                && (permission.equals(CredentialsProvider.VIEW)
                        || owner.hasPermission2(caller, DeploymentPermissions.MANAGE));
    }

    @Override
    public String getDisplayName() {
        return Messages.EnvironmentCredentialsStore_DisplayName();
    }

    @Override
    public CredentialsStoreAction getStoreAction() {
        return action;
    }

    @NonNull
    @Override
    public List<Domain> getDomains() {
        return CredentialsFiles.get().content(folder).stream()
                .map(DomainCredentials::getDomain)
                .toList();
    }

    @NonNull
    @Override
    public List<Credentials> getCredentials(@NonNull Domain domain) {
        return hasPermission(CredentialsProvider.VIEW)
                ? find(CredentialsFiles.get().content(folder), domain)
                        .map(DomainCredentials::getCredentials)
                        .orElse(List.of())
                : List.of();
    }

    private static Optional<DomainCredentials> find(List<DomainCredentials> content, Domain domain) {
        return content.stream().filter(each -> each.getDomain().equals(domain)).findFirst();
    }

    @Override
    public boolean addDomain(@NonNull Domain domain, List<Credentials> credentials) throws IOException {
        checkPermission(CredentialsProvider.MANAGE_DOMAINS);
        return CredentialsFiles.get().change(folder, content -> {
            if (find(content, domain).isPresent()) {
                return null;
            }
            content.add(new DomainCredentials(domain, credentials));
            return content;
        });
    }

    @Override
    public boolean removeDomain(@NonNull Domain domain) throws IOException {
        checkPermission(CredentialsProvider.MANAGE_DOMAINS);
        return CredentialsFiles.get()
                .change(
                        folder,
                        content -> content.removeIf(each -> each.getDomain().equals(domain)) ? content : null);
    }

    @Override
    public boolean updateDomain(@NonNull Domain current, @NonNull Domain replacement) throws IOException {
        checkPermission(CredentialsProvider.MANAGE_DOMAINS);
        return replace(current, before -> new DomainCredentials(replacement, before.getCredentials()));
    }

    @Override
    public boolean addCredentials(@NonNull Domain domain, @NonNull Credentials credentials) throws IOException {
        checkPermission(CredentialsProvider.CREATE);
        return replace(domain, before -> {
            List<Credentials> list = new ArrayList<>(before.getCredentials());
            return list.contains(credentials) || !list.add(credentials)
                    ? null
                    : new DomainCredentials(before.getDomain(), list);
        });
    }

    @Override
    public boolean removeCredentials(@NonNull Domain domain, @NonNull Credentials credentials) throws IOException {
        checkPermission(CredentialsProvider.DELETE);
        return replace(domain, before -> {
            List<Credentials> list = new ArrayList<>(before.getCredentials());
            return list.remove(credentials) ? new DomainCredentials(before.getDomain(), list) : null;
        });
    }

    @Override
    public boolean updateCredentials(
            @NonNull Domain domain, @NonNull Credentials current, @NonNull Credentials replacement) throws IOException {
        checkPermission(CredentialsProvider.UPDATE);
        if (!current.equals(replacement)) {
            throw new CredentialsFile.RefusedException(Messages._EnvironmentCredentialsStore_OtherId());
        }
        return replace(domain, before -> {
            List<Credentials> list = new ArrayList<>(before.getCredentials());
            int index = list.indexOf(current);
            if (index < 0) {
                return null;
            }
            list.set(index, replacement);
            return new DomainCredentials(before.getDomain(), list);
        });
    }

    /** Gives the new state of one environment; null if there is nothing to do. */
    private interface Change {

        @CheckForNull
        DomainCredentials of(DomainCredentials before);
    }

    private boolean replace(Domain domain, Change change) throws IOException {
        return CredentialsFiles.get().change(folder, content -> {
            int index = IntStream.range(0, content.size())
                    .filter(each -> content.get(each).getDomain().equals(domain))
                    .findFirst()
                    .orElse(-1);
            DomainCredentials after = index < 0 ? null : change.of(content.get(index));
            if (after == null) {
                return null;
            }
            content.set(index, after);
            return content;
        });
    }

    /** Writes the same again, for those who want all secrets encrypted with a new key. */
    @Override
    public void save() throws IOException {
        CredentialsFiles.get().change(folder, content -> content.isEmpty() ? null : content);
    }
}
