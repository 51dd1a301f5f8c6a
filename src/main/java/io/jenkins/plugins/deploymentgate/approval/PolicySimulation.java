package io.jenkins.plugins.deploymentgate.approval;

import hudson.model.Job;
import io.jenkins.plugins.deploymentgate.config.DeploymentPermissions;
import io.jenkins.plugins.deploymentgate.config.Identities;
import io.jenkins.plugins.deploymentgate.core.policy.ApprovalRule;
import io.jenkins.plugins.deploymentgate.core.policy.DeployAccess;
import io.jenkins.plugins.deploymentgate.core.policy.DeploySource;
import io.jenkins.plugins.deploymentgate.core.policy.EnvironmentPolicy;
import io.jenkins.plugins.deploymentgate.core.policy.Voter;
import io.jenkins.plugins.deploymentgate.gate.Caller;
import io.jenkins.plugins.deploymentgate.origin.JobSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * What a person could do with a deployment of a job to an environment, for people who write policies. No deployment is needed.
 *
 * @param known whether the security realm knows the person
 * @param policy what the environment demands; empty if nothing protects it, or that cannot be read
 * @param refusing the scopes that do not let them deploy; empty if they may
 * @param source from where the builds of the job deploy
 * @param refusingSource the scopes that do not let builds deploy from there; empty if they may
 * @param rules the rules for which an approval of theirs would count, unless they have a part in the deployment
 * @param mayOverride whether they may override the policy
 */
@Restricted(NoExternalUse.class)
public record PolicySimulation(
        boolean known,
        Optional<EnvironmentPolicy> policy,
        List<EffectivePolicy.Origin> refusing,
        DeploySource source,
        List<EffectivePolicy.Origin> refusingSource,
        List<String> rules,
        boolean mayOverride) {

    /** Copies the lists. */
    public PolicySimulation {
        refusingSource = List.copyOf(refusingSource);
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
        DeploySource source = JobSource.of(job);
        return new PolicySimulation(
                caller.isPresent(),
                policy,
                refusing(effective, access -> access.admits(voter)),
                source,
                refusing(effective, access -> access.admits(source)),
                policy.map(EnvironmentPolicy::rules).orElse(List.of()).stream()
                        .filter(rule -> rule.requiredApprovals() > 0 && rule.admits(voter))
                        .map(ApprovalRule::name)
                        .toList(),
                caller.filter(person -> person.may(DeploymentPermissions.OVERRIDE))
                        .isPresent());
    }

    private static List<EffectivePolicy.Origin> refusing(EffectivePolicy effective, Predicate<DeployAccess> admits) {
        return effective.origins().stream()
                .filter(origin -> !origin.entries().stream()
                        .map(entry -> entry.policy().access())
                        .allMatch(admits))
                .toList();
    }
}
