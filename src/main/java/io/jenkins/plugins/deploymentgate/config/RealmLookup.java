package io.jenkins.plugins.deploymentgate.config;

import hudson.security.UserMayOrMayNotExistException2;
import hudson.util.FormValidation;
import jenkins.model.Jenkins;
import org.springframework.dao.DataAccessException;
import org.springframework.security.core.userdetails.UsernameNotFoundException;

/** Checks for a form whether the security realm knows a user or group. Many realms cannot tell. */
final class RealmLookup {

    private RealmLookup() {}

    static FormValidation user(String id) {
        return answer(
                () -> Jenkins.get().getSecurityRealm().loadUserByUsername2(id), Messages.UserApprover_Unknown(id));
    }

    static FormValidation group(String name) {
        return answer(
                () -> Jenkins.get().getSecurityRealm().loadGroupByGroupname2(name, false),
                Messages.GroupApprover_Unknown(name));
    }

    private static FormValidation answer(Runnable lookup, String unknown) {
        try {
            lookup.run();
            return FormValidation.ok();
        } catch (UserMayOrMayNotExistException2 | DataAccessException | UnsupportedOperationException e) {
            return FormValidation.ok(Messages.RealmLookup_CannotTell());
        } catch (UsernameNotFoundException e) {
            return FormValidation.warning(unknown);
        }
    }
}
