package io.jenkins.plugins.deploymentgate.changes;

import hudson.model.User;
import hudson.tasks.Mailer;
import io.jenkins.plugins.deploymentgate.config.Identities;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds the users whom a commit may mean by a name and an e-mail address. Reads what Jenkins knows of its users; makes
 * no user, and asks no security realm. Loaded only with the Mailer plugin, which keeps the addresses.
 */
final class KnownUsers {

    private final Map<String, Set<String>> byWhatTheyAreCalled = new HashMap<>();

    /** Reads all users once; in memory, as Jenkins keeps them. */
    KnownUsers() {
        for (User user : User.getAll()) {
            Mailer.UserProperty mail = user.getProperty(Mailer.UserProperty.class);
            String address = mail == null ? null : mail.getExplicitlyConfiguredAddress();
            Stream.of(user.getId(), user.getFullName(), address == null ? "" : address)
                    .forEach(called -> byWhatTheyAreCalled
                            .computeIfAbsent(key(called), key -> new HashSet<>())
                            .add(Identities.user(user.getId())));
        }
    }

    /**
     * Finds everybody whose id, full name or address is the name, the address, or what stands before the address's
     * {@code @}: rather one person too many than one too few. If there is nobody, these are taken for ids, because
     * somebody who was not here yet may log in with one of them before the deployment is decided.
     *
     * @param name what the commit calls them; may be empty
     * @param address their e-mail address in the commit; may be empty
     * @return canonical ids; empty if the commit says nothing
     */
    Set<String> meantBy(String name, String address) {
        List<String> called = Stream.of(name, address, address.split("@", 2)[0])
                .map(String::strip)
                .filter(text -> !text.isEmpty())
                .toList();
        Set<String> known = called.stream()
                .flatMap(text -> byWhatTheyAreCalled.getOrDefault(key(text), Set.of()).stream())
                .collect(Collectors.toSet());
        if (!known.isEmpty()) {
            return known;
        }
        return called.stream()
                .filter(text -> text.chars().noneMatch(Character::isWhitespace))
                .map(Identities::user)
                .collect(Collectors.toSet());
    }

    private static String key(String called) {
        return called.toLowerCase(Locale.ROOT);
    }
}
