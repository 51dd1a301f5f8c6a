package io.jenkins.plugins.deploymentgate.ui;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.AbstractItem;
import hudson.model.Job;
import io.jenkins.plugins.deploymentgate.approval.EffectivePolicy;
import io.jenkins.plugins.deploymentgate.approval.PolicySimulation;
import io.jenkins.plugins.deploymentgate.approval.Wording;
import io.jenkins.plugins.deploymentgate.core.policy.EnvironmentPolicy;
import java.util.ArrayList;
import java.util.List;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.StaplerRequest2;

/** The policy of a job, a folder or all of Jenkins, and what it means for a user. Created for one request. */
@Restricted(NoExternalUse.class)
public class PolicyView {

    @CheckForNull
    private final AbstractItem item;

    private final String environment;
    private final String user;
    private final EffectivePolicy policy;

    /**
     * One protected environment as one scope has it.
     *
     * @param name the name or pattern
     * @param lines what it demands
     * @param origin where it is configured
     */
    public record Row(String name, List<String> lines, EffectivePolicy.Origin origin) {}

    PolicyView(@CheckForNull AbstractItem item, StaplerRequest2 request) {
        this.item = item;
        this.environment = text(request, "environment");
        this.user = text(request, "user");
        EffectivePolicy all = EffectivePolicy.of(item);
        this.policy = environment.isEmpty() ? all : all.matching(environment);
    }

    private static String text(StaplerRequest2 request, String name) {
        String text = request.getParameter(name);
        return text == null ? "" : text.strip();
    }

    /** @return the environment that is asked about; empty for all */
    public String getEnvironment() {
        return environment;
    }

    /** @return the id of the person who is asked about; empty for nobody */
    public String getUser() {
        return user;
    }

    /** @return what applies, the widest scope first */
    public List<Row> getRows() {
        return policy.origins().stream()
                .flatMap(origin -> origin.entries().stream()
                        .map(entry -> new Row(entry.name().text(), PolicyWords.lines(entry.policy()), origin)))
                .toList();
    }

    /** @return why parts cannot be read, so that every gate is closed */
    public List<String> getFailures() {
        return policy.origins().stream()
                .flatMap(origin -> origin.failure().stream())
                .toList();
    }

    /** @return how many approvals a deployment to the environment needs in all; -1 if that is not asked or not known */
    public int getRequired() {
        return environment.isEmpty() || !policy.isReadable()
                ? -1
                : policy.united().map(EnvironmentPolicy::requiredApprovals).orElse(-1);
    }

    /** @return whether the reader may try out what it means for others */
    public boolean isTrialOffered() {
        return item instanceof Job && EffectivePolicy.isManageable(item);
    }

    /** @return what it means for the person who is asked about, in sentences; empty if nobody is, or the reader may not ask */
    public List<String> getTrial() {
        if (!isTrialOffered() || user.isEmpty() || environment.isEmpty()) {
            return List.of();
        }
        PolicySimulation trial = PolicySimulation.of((Job<?, ?>) item, environment, user);
        List<String> said = new ArrayList<>();
        if (!trial.known()) {
            said.add(Messages.PolicyView_UnknownUser(user));
        }
        if (trial.policy().isEmpty()) {
            said.add(Messages.PolicyView_Closed(environment));
            return said;
        }
        said.add(
                trial.refusing().isEmpty()
                        ? Messages.PolicyView_MayDeploy(user, environment)
                        : Messages.PolicyView_MayNotDeploy(user, environment, names(trial.refusing())));
        said.addAll(source(trial, trial.policy().get()));
        said.addAll(approval(trial, trial.policy().get()));
        said.add(
                trial.mayOverride() ? Messages.PolicyView_MayOverride(user) : Messages.PolicyView_MayNotOverride(user));
        return said;
    }

    private List<String> approval(PolicySimulation trial, EnvironmentPolicy demanded) {
        if (demanded.requiredApprovals() == 0) {
            return List.of(Messages.PolicyView_NothingToApprove());
        } else if (trial.rules().isEmpty()) {
            return List.of(Messages.PolicyView_MayNotApprove(user));
        }
        List<String> said = new ArrayList<>();
        said.add(Messages.PolicyView_MayApprove(user, String.join(", ", trial.rules())));
        if (!demanded.separation().selfApprovalAllowed()) {
            said.add(Messages.PolicyView_NotOwn(user));
        }
        if (!demanded.separation().authorApprovalAllowed()) {
            said.add(Messages.PolicyView_NotAuthor(user));
        }
        return said;
    }

    private List<String> source(PolicySimulation trial, EnvironmentPolicy demanded) {
        if (demanded.access().sources().isEmpty()) {
            return List.of();
        }
        String source = Wording.source(trial.source(), PolicyWords.locale());
        return List.of(
                trial.refusingSource().isEmpty()
                        ? Messages.PolicyView_FromHere(source, environment)
                        : Messages.PolicyView_NotFromHere(
                                source,
                                environment,
                                names(trial.refusingSource()),
                                Wording.sources(demanded.access().refusing(trial.source()), PolicyWords.locale())));
    }

    private static String names(List<EffectivePolicy.Origin> origins) {
        return String.join(", ", origins.stream().map(PolicyView::nameOf).toList());
    }

    /** @return what people call that */
    public static String nameOf(EffectivePolicy.Origin origin) {
        return origin.scope().isEmpty() ? Messages.PolicyView_WholeJenkins() : origin.scope();
    }
}
