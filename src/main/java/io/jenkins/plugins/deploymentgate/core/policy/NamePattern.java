package io.jenkins.plugins.deploymentgate.core.policy;

/**
 * The name under which environments are protected: one name, or a pattern in which {@code *} stands for any run of
 * characters, slashes too, as in GitLab's wildcard environments. Case counts.
 *
 * @param text the name or pattern, as configured
 */
public record NamePattern(String text) {

    /** @throws IllegalArgumentException if the text can name no environment */
    public NamePattern {
        EnvironmentName.problemOfPattern(text).ifPresent(problem -> {
            throw new IllegalArgumentException(problem + ": " + text);
        });
    }

    /** @return whether this protects it; takes time proportional to the product of both lengths at worst */
    public boolean matches(String name) {
        return matches(text, name);
    }

    static boolean matches(String text, String name) {
        int p = 0;
        int n = 0;
        int star = -1;
        int resume = 0;
        while (n < name.length()) {
            if (p < text.length() && text.charAt(p) == '*') {
                star = p++;
                resume = n;
            } else if (p < text.length() && text.charAt(p) == name.charAt(n)) {
                p++;
                n++;
            } else if (star >= 0) {
                p = star + 1;
                n = ++resume;
            } else {
                return false;
            }
        }
        while (p < text.length() && text.charAt(p) == '*') {
            p++;
        }
        return p == text.length();
    }

    @Override
    public String toString() {
        return text;
    }
}
