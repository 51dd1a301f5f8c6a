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
 * Finds the Jenkins users whom the name and the e-mail address in a commit can refer to. Creates no user and does not ask the
 * security realm. Loaded only with the Mailer plugin, which has the addresses.
 */
final class KnownUsers {

    /** GitHub and GitLab give such addresses to users who hide theirs: {@code 583231+alice@users.noreply.github.com}. */
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

    /** Reads all users, which Jenkins has in memory. */
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
     * Finds all users whose id, full name or address equals the name or the address: one person too many is better than one
     * too few. The local part of the address refers to users whose own address has the same domain, and to users without an
     * address; if the host hides the real address, to the user of that name in any case. If no user is found, these are
     * taken for user ids, since somebody can log in for the first time before the deployment is decided.
     *
     * @param name the name in the commit; may be empty
     * @param address the e-mail address in the commit; may be empty
     * @return canonical ids; empty if both are empty
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
