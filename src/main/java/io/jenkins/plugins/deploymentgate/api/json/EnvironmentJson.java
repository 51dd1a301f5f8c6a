package io.jenkins.plugins.deploymentgate.api.json;

import hudson.model.Item;
import java.util.Locale;

/**
 * An environment within a project.
 *
 * @param slug its name with nothing but small letters, digits and dashes, at most 24 of them
 * @param externalUrl null: Jenkins does not know it
 */
public record EnvironmentJson(long id, String name, String slug, String externalUrl) {

    private static final int MAX_SLUG = 24;
    private static final int SUFFIX = 6;

    /**
     * @param project what people think of as the project
     * @param name the name of the environment
     */
    public static EnvironmentJson of(Item project, String name) {
        return new EnvironmentJson(number(project, name), name, slug(name), null);
    }

    /** @return the number of an environment, which is the same however the project was asked for */
    public static long number(Item project, String name) {
        return NumericIds.of(NumericIds.Kind.ENVIRONMENT, project.getFullName() + "\0" + name);
    }

    /** Names that come out alike without it get a part of their hash at the end. */
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
