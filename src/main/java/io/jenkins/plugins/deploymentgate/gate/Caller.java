package io.jenkins.plugins.deploymentgate.gate;

import hudson.Util;
import hudson.model.Item;
import hudson.model.Job;
import hudson.model.User;
import hudson.security.ACL;
import hudson.security.Permission;
import hudson.security.SecurityRealm;
import io.jenkins.plugins.deploymentgate.config.DeploymentPermissions;
import io.jenkins.plugins.deploymentgate.config.Identities;
import io.jenkins.plugins.deploymentgate.core.deployment.DenialReason;
import io.jenkins.plugins.deploymentgate.core.policy.Voter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UsernameNotFoundException;

/**
 * A person as the security realm and the authorization strategy know them, with regard to one job.
 *
 * @param authentication who
 * @param job the job
 */
@Restricted(NoExternalUse.class)
public record Caller(Authentication authentication, Job<?, ?> job) {

    private static final Logger LOGGER = Logger.getLogger(Caller.class.getName());

    /** @return whoever is logged in on this thread */
    public static Caller current(Job<?, ?> job) {
        return new Caller(Jenkins.getAuthentication2(), job);
    }

    /**
     * Asks the security realm for a person. Creates no user.
     *
     * @param id the id of a user
     * @return them, with the groups that the realm gives for them; empty if it does not know them
     */
    public static Optional<Caller> known(String id, Job<?, ?> job) {
        try {
            UserDetails known = Jenkins.get().getSecurityRealm().loadUserByUsername2(id);
            List<GrantedAuthority> authorities = new ArrayList<>(known.getAuthorities());
            authorities.add(SecurityRealm.AUTHENTICATED_AUTHORITY2);
            return Optional.of(
                    new Caller(new UsernamePasswordAuthenticationToken(known.getUsername(), "", authorities), job));
        } catch (AuthenticationException e) {
            LOGGER.log(Level.FINE, e, () -> "The security realm does not know " + id);
            return Optional.empty();
        }
    }

    /**
     * @param fullName the full name of a job
     * @return the job, if whoever is logged in on this thread may read it and everything that it is in
     */
    public static Optional<Job<?, ?>> readableJob(String fullName) {
        try {
            Job<?, ?> job = Jenkins.get().getItemByFullName(fullName, Job.class);
            return Optional.<Job<?, ?>>ofNullable(job).filter(found -> found.hasPermission(Item.READ));
        } catch (AccessDeniedException e) {
            LOGGER.log(Level.FINEST, e, () -> fullName + " may be discovered, which is not enough");
            return Optional.empty();
        }
    }

    /** @return why this is not a person who can vote; empty if it is one */
    public Optional<DenialReason> nobody() {
        String name = authentication.getName();
        if (ACL.isAnonymous2(authentication) || name == null || name.isBlank()) {
            return Optional.of(DenialReason.ANONYMOUS);
        }
        return ACL.SYSTEM2.equals(authentication) ? Optional.of(DenialReason.SYSTEM) : Optional.empty();
    }

    /** @return the canonical id; empty if there is none */
    public String id() {
        return Identities.user(Util.fixNull(authentication.getName()));
    }

    /** @return whether they hold a permission on the job */
    public boolean may(Permission permission) {
        return job.getACL().hasPermission2(authentication, permission);
    }

    /** @return the person, with what they may do now */
    public Voter voter() {
        return new Voter(
                id(),
                Identities.groups(authentication),
                may(DeploymentPermissions.APPROVE),
                Identities.levels(authentication, job));
    }

    /**
     * A person who is not logged in on this thread. Their groups are those that the realm knows, or those of their last login
     * if it knows none.
     *
     * @param id canonical id of a user
     * @return the person, with what they may do now; with nothing but their id if the realm does not know them
     */
    public static Voter absent(String id, Job<?, ?> job) {
        User user = User.getById(id, false);
        if (user != null) {
            try {
                Voter known = new Caller(user.impersonate2(), job).voter();
                return new Voter(id, known.groups(), known.mayApprove(), known.levels());
            } catch (UsernameNotFoundException e) {
                LOGGER.log(Level.FINE, e, () -> "The security realm does not know " + id);
            }
        }
        return new Voter(id, Set.of(), false, Set.of());
    }
}
