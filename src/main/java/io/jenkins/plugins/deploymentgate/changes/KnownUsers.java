package io.jenkins.plugins.deploymentgate.changes;

import hudson.model.User;
import hudson.tasks.Mailer;
import io.jenkins.plugins.deploymentgate.config.Identities;
import java.util.HashMap;
import java.util.HashSet;
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

    /** Hosts give such addresses to users who hide their own: {@code 583231+alice@users.noreply.github.com}. */
    private static final String NO_REPLY = "users.noreply.";

    private static final String NUMBER_OF_USER = "^[0-9]+[+-]";

    private final Map<String, Set<Known>> users = new HashMap<>();

    /**
     * A user.
     *
     * @param id canonical id
     * @param domain the domain of their address; empty if they have none
     */
    private record Known(String id, String domain) {}

    /** Reads all users once; in memory, as Jenkins keeps them. */
    KnownUsers() {
        for (User user : User.getAll()) {
            Mailer.UserProperty mail = user.getProperty(Mailer.UserProperty.class);
            String address = mail == null ? null : mail.getExplicitlyConfiguredAddress();
            String known = address == null ? "" : address;
            Known entry = new Known(Identities.user(user.getId()), domain(known));
            Stream.of(user.getId(), user.getFullName(), known)
                    .map(KnownUsers::key)
                    .filter(key -> !key.isEmpty())
                    .forEach(key -> users.computeIfAbsent(key, unused -> new HashSet<>())
                            .add(entry));
        }
    }

    /**
     * Finds everybody whose id, full name or address is the name or the address: rather one person too many than one too
     * few. What stands before the {@code @} means a user whose own address has the same domain, or who has none; in an
     * address that a host gives to hide the real one, it means that user whatever their address is. If there is nobody,
     * these are taken for ids, because somebody who was not here yet may log in with one of them before the deployment is
     * decided.
     *
     * @param name what the commit calls them; may be empty
     * @param address their e-mail address in the commit; may be empty
     * @return canonical ids; empty if the commit says nothing
     */
    Set<String> meantBy(String name, String address) {
        String domain = domain(address);
        boolean hidden = domain.startsWith(NO_REPLY);
        String local = address.split("@", 2)[0].strip();
        String user = hidden ? local.replaceFirst(NUMBER_OF_USER, "") : local;
        Set<String> known = Stream.concat(
                        Stream.of(name, address).flatMap(text -> called(text).stream()),
                        called(user).stream()
                                .filter(one -> hidden
                                        || one.domain().isEmpty()
                                        || one.domain().equals(domain)))
                .map(Known::id)
                .collect(Collectors.toSet());
        if (!known.isEmpty()) {
            return known;
        }
        return Stream.of(name, address, called(user).isEmpty() ? user : "")
                .map(String::strip)
                .filter(text -> !text.isEmpty() && text.chars().noneMatch(Character::isWhitespace))
                .map(Identities::user)
                .collect(Collectors.toSet());
    }

    private Set<Known> called(String text) {
        return users.getOrDefault(key(text), Set.of());
    }

    private static String key(String text) {
        return text.strip().toLowerCase(Locale.ROOT);
    }

    private static String domain(String address) {
        int at = address.indexOf('@');
        return at < 0 ? "" : key(address.substring(at + 1));
    }
}
