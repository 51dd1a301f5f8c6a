package io.jenkins.plugins.deploymentgate.core.policy;

import java.util.List;

/** Why an environment does not accept a deployment at all, whoever would approve it. */
public sealed interface DeployRefusal {

    /**
     * Some of the people who caused the build have no deploy access.
     *
     * @param people their canonical ids, at least one
     */
    record NoAccess(List<String> people) implements DeployRefusal {

        /** Copies the list. */
        public NoAccess {
            people = List.copyOf(people);
        }
    }

    /**
     * The environment does not accept deployments from there.
     *
     * @param source from where the build deploys
     * @param required what would be accepted: at least one list, from each of which one pattern must admit the source
     */
    record WrongSource(DeploySource source, List<List<DeploySource.Pattern>> required) implements DeployRefusal {

        /** Copies the lists. */
        public WrongSource {
            required = required.stream().map(List::copyOf).toList();
        }
    }

    /** Nobody but automation caused the build, and the environment does not accept that. */
    record Automated() implements DeployRefusal {}

    /**
     * It is not known who caused the build, and the environment has to know.
     *
     * @param causes what is not known, as in {@link RequestOrigin#unknown}, at least one
     */
    record UnknownRequesters(List<String> causes) implements DeployRefusal {

        /** Copies the list. */
        public UnknownRequesters {
            causes = List.copyOf(causes);
        }
    }
}
