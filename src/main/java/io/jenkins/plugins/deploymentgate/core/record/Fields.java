package io.jenkins.plugins.deploymentgate.core.record;

import io.jenkins.plugins.deploymentgate.core.policy.AccessLevel;

/** Checks of what was read from a JSON form. */
final class Fields {

    private Fields() {}

    /** @throws IllegalArgumentException if the field is missing */
    static <T> T present(T value, String field) {
        if (value == null) {
            throw new IllegalArgumentException("the field " + field + " is missing");
        }
        return value;
    }

    /** @throws IllegalArgumentException if there is no such level */
    static AccessLevel level(int number) {
        return AccessLevel.of(number)
                .orElseThrow(() -> new IllegalArgumentException("an unknown access level, " + number));
    }
}
