package io.jenkins.plugins.deploymentgate.gate;

import hudson.model.User;
import java.util.List;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Names of people, by their canonical ids. A user who no longer exists keeps the id as the name. */
@Restricted(NoExternalUse.class)
public final class People {

    private People() {}

    /** @return the id as the person writes it */
    public static String id(String canonical) {
        User user = User.getById(canonical, false);
        return user == null ? canonical : user.getId();
    }

    public static List<String> ids(List<String> canonical) {
        return canonical.stream().map(People::id).toList();
    }

    /** @return the person's full name */
    public static String fullName(String canonical) {
        User user = User.getById(canonical, false);
        return user == null ? canonical : user.getFullName();
    }

    /** @return the full names of these people, in one line */
    public static String fullNames(List<String> canonical) {
        return String.join(", ", canonical.stream().map(People::fullName).toList());
    }
}
