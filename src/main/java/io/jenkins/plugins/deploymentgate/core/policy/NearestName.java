package io.jenkins.plugins.deploymentgate.core.policy;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds what somebody probably meant who named an environment that does not exist. */
public final class NearestName {

    private NearestName() {}

    /**
     * Looks for the known name that takes the fewest edits (Levenshtein, upper and lower case alike).
     *
     * @param name what was asked for
     * @param known the names that exist
     * @return the nearest one, if at least half of it could stay or it is a longer or shorter form of the name; of
     *     equals, the first in order of the alphabet
     */
    public static Optional<String> suggest(String name, Collection<String> known) {
        String wanted = name.toLowerCase(Locale.ROOT);
        return known.stream()
                .filter(candidate -> isNear(wanted, candidate.toLowerCase(Locale.ROOT)))
                .min(Comparator.<String>comparingInt(candidate -> distance(wanted, candidate.toLowerCase(Locale.ROOT)))
                        .thenComparing(Comparator.naturalOrder()));
    }

    private static boolean isNear(String a, String b) {
        int half = Math.max(1, Math.max(a.length(), b.length()) / 2);
        return distance(a, b) <= half || a.startsWith(b) || b.startsWith(a);
    }

    private static int distance(String a, String b) {
        int[] above = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            above[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replace = above[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replace, 1 + Math.min(above[j], row[j - 1]));
            }
            above = row;
        }
        return above[b.length()];
    }
}
