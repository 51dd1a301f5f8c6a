package io.jenkins.plugins.deploymentgate.unlock;

import com.cloudbees.plugins.credentials.Credentials;
import com.cloudbees.plugins.credentials.CredentialsDescriptor;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.CredentialsStore;
import com.cloudbees.plugins.credentials.domains.DomainCredentials;
import com.cloudbees.plugins.credentials.domains.DomainRequirement;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Descriptor;
import hudson.model.Item;
import hudson.model.ItemGroup;
import hudson.model.Job;
import hudson.model.ModelObject;
import hudson.security.ACL;
import io.jenkins.plugins.deploymentgate.core.policy.NamePattern;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import jenkins.model.Jenkins;
import jenkins.security.CustomClassFilter;
import org.jenkinsci.Symbol;
import org.jenkinsci.plugins.variant.OptionalExtension;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundSetter;
import org.springframework.security.core.Authentication;

/**
 * Finds credentials of environments for builds and forms, always locked; see {@link CredentialsLock}. A store nearer to the job
 * comes first. It is asked before all other providers, so that credentials that were moved here are not found elsewhere any more,
 * even if they were forgotten there.
 *
 * <p>In configuration as code: {@code credentials: environments: domainCredentials}. Any thread may call.
 */
@OptionalExtension(requirePlugins = "credentials", ordinal = 1000)
@Symbol("environments")
@Restricted(NoExternalUse.class)
public class EnvironmentCredentialsProvider extends CredentialsProvider {

    static final String ICON = "symbol-lock-closed";

    @NonNull
    @Override
    public String getDisplayName() {
        return Messages.EnvironmentCredentialsProvider_DisplayName();
    }

    @Override
    public String getIconClassName() {
        return ICON;
    }

    @Override
    public Set<CredentialsScope> getScopes(ModelObject object) {
        return isPlace(object) ? Set.of(CredentialsScope.GLOBAL) : null;
    }

    @Override
    public CredentialsStore getStore(@CheckForNull ModelObject object) {
        return isPlace(object) ? new EnvironmentCredentialsStore(object instanceof Item folder ? folder : null) : null;
    }

    private static boolean isPlace(@CheckForNull ModelObject object) {
        return object instanceof Jenkins
                || object instanceof Item && object instanceof ItemGroup<?> && !(object instanceof Job<?, ?>);
    }

    @Override
    protected boolean _isApplicable(Descriptor<?> descriptor) {
        return descriptor instanceof CredentialsDescriptor && CredentialsLock.isLockable(descriptor.clazz);
    }

    @NonNull
    @Override
    public <C extends Credentials> List<C> getCredentialsInItemGroup(
            @NonNull Class<C> type,
            @CheckForNull ItemGroup group,
            @CheckForNull Authentication authentication,
            @NonNull List<DomainRequirement> requirements) {
        List<C> found = new ArrayList<>();
        if (ACL.SYSTEM2.equals(authentication)) {
            Set<String> ids = new HashSet<>();
            inReach(group, requirements)
                    .filter(credentials -> type.isInstance(credentials) && ids.add(credentials.getId()))
                    .forEach(credentials -> found.add(type.cast(credentials)));
        }
        return found;
    }

    /** The nearest first. */
    private static Stream<EnvironmentCredentials> inReach(
            @CheckForNull ItemGroup<?> group, List<DomainRequirement> requirements) {
        return group instanceof Item folder
                ? Stream.concat(at(folder, requirements), inReach(folder.getParent(), requirements))
                : at(null, requirements);
    }

    private static Stream<EnvironmentCredentials> at(@CheckForNull Item folder, List<DomainRequirement> requirements) {
        return CredentialsFiles.get().content(folder).stream()
                .filter(each -> each.getDomain().test(requirements))
                .flatMap(each -> {
                    Unlocking unlocking = new Unlocking(
                            folder, List.of(new NamePattern(each.getDomain().getName())));
                    return each.getCredentials().stream()
                            .map(credentials -> CredentialsLock.lock(credentials, unlocking));
                });
    }

    /**
     * For configuration as code. An export has encrypted secrets, which could be decrypted by storing them elsewhere in this
     * Jenkins, so only administrators see them.
     *
     * @return what the store of the whole Jenkins has
     */
    public List<DomainCredentials> getDomainCredentials() {
        return Jenkins.get().hasPermission(Jenkins.ADMINISTER)
                ? CredentialsFiles.get().content(null)
                : List.of();
    }

    /**
     * For configuration as code.
     *
     * @param content what the store of the whole Jenkins is to have, in the place of all that it had
     * @throws IllegalArgumentException if that is not possible; nothing has changed then
     * @throws UncheckedIOException if it cannot be written; nothing has changed then
     */
    @DataBoundSetter
    public void setDomainCredentials(List<DomainCredentials> content) {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        try {
            CredentialsFiles.get().change(null, before -> List.copyOf(content));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Lets XStream write locked credentials, of which it writes the ID only: the credentials plugin does that to track uses. The
     * JDK makes their class, so core would not know it. Core never reads it.
     */
    @OptionalExtension(requirePlugins = "credentials")
    @Restricted(NoExternalUse.class)
    public static class ClassFilter implements CustomClassFilter {

        @Override
        public Boolean permits(Class<?> type) {
            return Proxy.isProxyClass(type) && EnvironmentCredentials.class.isAssignableFrom(type) ? true : null;
        }
    }
}
