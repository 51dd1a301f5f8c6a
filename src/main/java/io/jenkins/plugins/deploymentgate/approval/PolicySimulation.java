package io.jenkins.plugins.deploymentgate.approval;

import hudson.model.Job;
import io.jenkins.plugins.deploymentgate.config.DeploymentPermissions;
import io.jenkins.plugins.deploymentgate.config.Identities;
import io.jenkins.plugins.deploymentgate.core.policy.ApprovalRule;
import io.jenkins.plugins.deploymentgate.core.policy.EnvironmentPolicy;
import io.jenkins.plugins.deploymentgate.core.policy.Voter;
import io.jenkins.plugins.deploymentgate.gate.Caller;
import java.util.List;
import java.util.Optional;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * What a person could do with a deployment of a job to an environment, for people who write policies. No deployment is needed.
 *
 * @param known whether the security realm knows the person
 * @param policy what the environment demands; empty if nothing protects it, or that cannot be read
 * @param refusing the scopes that do not let them deploy; empty if they may
 * @param rules the rules for which an approval of theirs would count, unless they have a part in the deployment
 * @param mayOverride whether they may override the policy
 */
@Restricted(NoExternalUse.class)
public record PolicySimulation(
        boolean known,
        Optional<EnvironmentPolicy> policy,
        List<EffectivePolicy.Origin> refusing,
        List<String> rules,
        boolean mayOverride) {

    /** Copies the lists. */
    public PolicySimulation {
        refusing = List.copyOf(refusing);
        rules = List.copyOf(rules);
    }

    /**
     * Asks the security realm for the person, which may take as long as a login. Creates no user. The caller has to check
     * that the reader may know the answer.
     *
     * @param id the id of a user, as they write it
     * @return what they could do
     */
    public static PolicySimulation of(Job<?, ?> job, String environment, String id) {
        EffectivePolicy effective = EffectivePolicy.of(job).matching(environment);
        Optional<EnvironmentPolicy> policy = effective.isReadable() ? effective.united() : Optional.empty();
        Optional<Caller> caller = Caller.known(id, job);
        Voter voter = caller.map(Caller::voter).orElseGet(() -> Caller.absent(Identities.user(id), job));
        return new PolicySimulation(
                caller.isPresent(),
                policy,
                effective.origins().stream()
                        .filter(origin -> origin.entries().stream()
                                .anyMatch(entry -> !entry.policy().access().admits(voter)))
                        .toList(),
                policy.map(EnvironmentPolicy::rules).orElse(List.of()).stream()
                        .filter(rule -> rule.requiredApprovals() > 0 && rule.admits(voter))
                        .map(ApprovalRule::name)
                        .toList(),
                caller.filter(person -> person.may(DeploymentPermissions.OVERRIDE))
                        .isPresent());
    }
}
