package io.jenkins.plugins.deploymentgate.changes;

import hudson.ExtensionList;
import hudson.Util;
import hudson.model.Run;
import hudson.model.User;
import hudson.scm.ChangeLogSet;
import io.jenkins.plugins.deploymentgate.config.Identities;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.scm.RunWithSCM;

/**
 * Finds the authors of changes with Jenkins' own API, as the Changes page of a build does. The SCM plugin may create a user
 * for that.
 */
final class ChangeLogAuthors {

    private static final Logger LOGGER = Logger.getLogger(ChangeLogAuthors.class.getName());

    private ChangeLogAuthors() {}

    /** @return the authors in the change logs that no {@link ChangeSource} reads */
    static Changes of(ChangeRange range) {
        return range.builds().stream().map(ChangeLogAuthors::of).reduce(Changes.NONE, Changes::and);
    }

    private static Changes of(Run<?, ?> build) {
        if (!(build instanceof RunWithSCM)) {
            return Changes.UNKNOWN;
        }
        Changes found = Changes.NONE;
        for (ChangeLogSet<?> log : ChangeSource.logs(build)) {
            if (ExtensionList.lookup(ChangeSource.class).stream().noneMatch(source -> source.reads(log))) {
                for (ChangeLogSet.Entry entry : log) {
                    found = found.and(author(build, entry));
                }
            }
        }
        return found;
    }

    private static Changes author(Run<?, ?> build, ChangeLogSet.Entry entry) {
        return user(build, entry)
                .map(author -> Changes.by(Set.of(Identities.user(author.getId())), Util.fixNull(entry.getCommitId())))
                .orElse(Changes.UNKNOWN);
    }

    /**
     * @param build the build that found a change
     * @param entry the change
     * @return its author; empty if Jenkins cannot tell
     */
    static Optional<User> user(Run<?, ?> build, ChangeLogSet.Entry entry) {
        try {
            return Optional.ofNullable(entry.getAuthor()).filter(author -> !author.equals(User.getUnknown()));
        } catch (RuntimeException e) {
            // Some SCM plugins ask the security realm, which can be unavailable.
            LOGGER.log(Level.WARNING, e, () -> "Cannot tell who made change " + entry.getCommitId() + " in " + build);
            return Optional.empty();
        }
    }
}
