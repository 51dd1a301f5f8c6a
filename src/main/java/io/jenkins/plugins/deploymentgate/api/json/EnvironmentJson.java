package io.jenkins.plugins.deploymentgate.api.json;

import hudson.model.Item;
import java.util.Locale;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * An environment within a project.
 *
 * @param slug its name in at most 24 lower-case letters, digits and dashes
 * @param externalUrl always null
 */
@Restricted(NoExternalUse.class)
public record EnvironmentJson(long id, String name, String slug, String externalUrl) {

    private static final int MAX_SLUG = 24;
    private static final int SUFFIX = 6;

    /** @param project the project, see {@link ProjectShape#projectOf} */
    public static EnvironmentJson of(Item project, String name) {
        return new EnvironmentJson(number(project, name), name, slug(name), null);
    }

    /** @return the number of an environment within its project */
    public static long number(Item project, String name) {
        return NumericIds.of(NumericIds.Kind.ENVIRONMENT, project.getFullName() + "\0" + name);
    }

    /** Ends with a part of the hash of the name, unless the name is a slug already, so that slugs differ. */
    static String slug(String name) {
        String plain = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
        String slug = (plain.matches("[a-z].*") ? plain : "env-" + plain).replaceAll("-+", "-");
        if (slug.equals(name) && slug.length() <= MAX_SLUG && !slug.endsWith("-")) {
            return slug;
        }
        String hash = Long.toString(NumericIds.of(NumericIds.Kind.ENVIRONMENT, name), Character.MAX_RADIX);
        String head = slug.substring(0, Math.min(slug.length(), MAX_SLUG - SUFFIX - 1));
        return head.replaceAll("-$", "") + "-" + hash.substring(0, Math.min(hash.length(), SUFFIX));
    }
}
