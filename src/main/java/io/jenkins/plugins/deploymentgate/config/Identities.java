package io.jenkins.plugins.deploymentgate.config;

import hudson.model.Item;
import hudson.model.Job;
import hudson.security.Permission;
import hudson.security.SecurityRealm;
import io.jenkins.plugins.deploymentgate.core.policy.AccessLevel;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;

/**
 * Brings names of users and groups into their canonical form, in which {@code core} compares them: as the security realm in force
 * does, so that {@code Alice} and {@code alice} are one voter where the realm says so. Any thread may call.
 */
@Restricted(NoExternalUse.class)
public final class Identities {

    private Identities() {}

    /**
     * @param id a user id as somebody wrote it
     * @return its canonical form
     */
    public static String user(String id) {
        return Jenkins.get().getSecurityRealm().getUserIdStrategy().keyFor(id);
    }

    /**
     * @param name a group name as somebody wrote it
     * @return its canonical form
     */
    public static String group(String name) {
        return Jenkins.get().getSecurityRealm().getGroupIdStrategy().keyFor(name);
    }

    /**
     * @param caller who is logged in
     * @return what they may do with it
     */
    public static Set<AccessLevel> levels(Authentication caller, Job<?, ?> job) {
        return Stream.of(AccessLevel.values())
                .filter(level -> job.getACL().hasPermission2(caller, permission(level)))
                .collect(Collectors.toUnmodifiableSet());
    }

    private static Permission permission(AccessLevel level) {
        return switch (level) {
            case DEVELOPER -> Item.BUILD;
            case MAINTAINER -> Item.CONFIGURE;
            case ADMINISTRATOR -> Jenkins.ADMINISTER;
        };
    }

    /**
     * @param caller who is logged in
     * @return the canonical names of their groups; without the one that everybody is in
     */
    public static Set<String> groups(Authentication caller) {
        return caller.getAuthorities().stream()
                .map(GrantedAuthority::getAuthority)
                .filter(group ->
                        !SecurityRealm.AUTHENTICATED_AUTHORITY2.getAuthority().equals(group))
                .map(Identities::group)
                .collect(Collectors.toUnmodifiableSet());
    }
}
