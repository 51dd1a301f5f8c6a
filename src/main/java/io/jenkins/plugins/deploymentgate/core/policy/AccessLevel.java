package io.jenkins.plugins.deploymentgate.core.policy;

import java.util.Optional;
import java.util.stream.Stream;

/** What somebody may do with a job. The numbers are GitLab's. */
public enum AccessLevel {
    /** GitLab's Developers: may build the job. */
    DEVELOPER(30),
    /** GitLab's Maintainers: may configure the job. */
    MAINTAINER(40),
    /** GitLab's Admins: may administer Jenkins. */
    ADMINISTRATOR(60);

    private final int number;

    AccessLevel(int number) {
        this.number = number;
    }

    /** @return GitLab's number for it */
    public int number() {
        return number;
    }

    /** @return the level with that number */
    public static Optional<AccessLevel> of(int number) {
        return Stream.of(values()).filter(level -> level.number == number).findFirst();
    }
}
