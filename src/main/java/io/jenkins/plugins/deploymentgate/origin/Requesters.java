package io.jenkins.plugins.deploymentgate.origin;

import hudson.ExtensionList;
import hudson.ExtensionPoint;
import hudson.model.Cause;
import hudson.model.Run;
import hudson.model.User;
import hudson.security.ACL;
import hudson.security.ACLContext;
import hudson.triggers.SCMTrigger;
import hudson.triggers.TimerTrigger;
import io.jenkins.plugins.deploymentgate.config.Identities;
import io.jenkins.plugins.deploymentgate.core.policy.PlainText;
import io.jenkins.plugins.deploymentgate.core.policy.RequestOrigin;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Finds who and what caused a build: goes over its causes, and over those of the builds that it was started by, replays,
 * rebuilds or continues. Whatever is not known to be a person, another build or automation is unknown.
 */
@Restricted(NoExternalUse.class)
public final class Requesters {

    private static final Logger LOGGER = Logger.getLogger(Requesters.class.getName());

    /** The most builds that are loaded; with more of them, the requesters are not known completely. */
    private static final int MAX_BUILDS = 100;

    private static final int MAX_TEXT = 200;
    private static final String NO_CAUSE = "no cause";

    private final Set<String> people = new LinkedHashSet<>();
    private final Set<String> unknown = new LinkedHashSet<>();
    private final Set<String> visited = new HashSet<>();
    private final Deque<Runnable> further = new ArrayDeque<>();
    private boolean automated;

    private Requesters() {}

    /**
     * Loads the builds behind a build, if they are not in memory. Any thread may call, with any authentication.
     *
     * @return who and what caused it
     */
    public static RequestOrigin of(Run<?, ?> build) {
        try (ACLContext ignored = ACL.as2(ACL.SYSTEM2)) {
            Requesters found = new Requesters();
            found.visit(build);
            while (!found.further.isEmpty()) {
                found.further.remove().run();
            }
            if (found.people.isEmpty() && !found.automated && found.unknown.isEmpty()) {
                found.unknown.add(NO_CAUSE);
            }
            Optional<RequestOrigin.Replay> replay = ExtensionList.lookup(ReplayedScripts.class).stream()
                    .flatMap(scripts -> scripts.compare(build).stream())
                    .findFirst();
            return new RequestOrigin(List.copyOf(found.people), found.automated, List.copyOf(found.unknown), replay);
        }
    }

    /**
     * @return what is behind it; empty if no extension knows it
     * @throws RuntimeException if an extension fails
     */
    public static Optional<BuildOrigin.Source> sourceOf(Cause cause) {
        return ExtensionList.lookup(BuildOrigin.class).stream()
                .flatMap(origin -> origin.of(cause).stream())
                .findFirst();
    }

    private void visit(Run<?, ?> build) {
        if (!visited.add(build.getExternalizableId())) {
            return;
        } else if (visited.size() > MAX_BUILDS) {
            unknown.add("more than " + MAX_BUILDS + " builds");
            return;
        }
        List<Cause> causes = build.getCauses();
        List<ScheduledBy> notes = build.getActions(ScheduledBy.class);
        boolean loggedIn =
                !notes.isEmpty() && notes.stream().allMatch(note -> note.user().isPresent());
        for (Cause cause : causes) {
            if (!loggedIn || !(cause instanceof Cause.RemoteCause)) {
                explain(cause);
            }
        }
        notes.stream()
                .flatMap(note -> note.user().stream())
                .map(Identities::user)
                .forEach(people::add);
        boolean unexplained = notes.stream().anyMatch(note -> note.user().isEmpty())
                && causes.stream().noneMatch(Cause.RemoteCause.class::isInstance);
        if (unexplained || causes.isEmpty() && notes.isEmpty()) {
            unknown.add(NO_CAUSE);
        }
    }

    private void explain(Cause cause) {
        Optional<BuildOrigin.Source> source;
        try {
            source = sourceOf(cause).or(() -> builtIn(cause));
        } catch (RuntimeException e) {
            LOGGER.log(Level.WARNING, e, () -> "Cannot tell what is behind " + cause.getClass());
            source = Optional.empty();
        }
        if (source.isEmpty() && cause instanceof Cause.UpstreamCause upstream) {
            further.add(() -> upstream(upstream));
        } else {
            source.ifPresentOrElse(known -> add(cause, known), () -> unknown.add(describe(cause)));
        }
    }

    private static Optional<BuildOrigin.Source> builtIn(Cause cause) {
        if (cause instanceof Cause.UserIdCause started) {
            return Optional.ofNullable(started.getUserId())
                    .filter(id -> Stream.of(User.getUnknown().getId(), ACL.SYSTEM_USERNAME, ACL.ANONYMOUS_USERNAME)
                            .noneMatch(id::equalsIgnoreCase))
                    .map(BuildOrigin.Person::new);
        }
        return cause instanceof TimerTrigger.TimerTriggerCause || cause instanceof SCMTrigger.SCMTriggerCause
                ? Optional.of(new BuildOrigin.Automation())
                : Optional.empty();
    }

    private void add(Cause cause, BuildOrigin.Source source) {
        if (source instanceof BuildOrigin.Person person) {
            people.add(Identities.user(person.id()));
        } else if (source instanceof BuildOrigin.OtherBuild other) {
            further.add(() -> visit(other.build()));
        } else if (source instanceof BuildOrigin.Automation) {
            automated = true;
        } else {
            unknown.add(describe(cause) + " (no longer there)");
        }
    }

    /**
     * The cause holds copies of the causes of the build upstream, cut off at some depth. That build itself says more, but
     * may be gone; and another one may have its name, so that the people in the copies count in any case.
     */
    private void upstream(Cause.UpstreamCause cause) {
        Run<?, ?> build = cause.getUpstreamRun();
        if (build != null) {
            visit(build);
        }
        List<Cause> copies = cause.getUpstreamCauses();
        if (build == null && copies.isEmpty()) {
            unknown.add(describe(cause) + " (no longer there)");
        }
        for (Cause copy : copies) {
            if (build == null || copy instanceof Cause.UserIdCause || copy instanceof Cause.UpstreamCause) {
                explain(copy);
            }
        }
    }

    private static String describe(Cause cause) {
        String type = cause.getClass().getName();
        String name = type.substring(Math.max(type.lastIndexOf('.'), type.lastIndexOf('$')) + 1);
        String description;
        try {
            description = Objects.toString(cause.getShortDescription(), "");
        } catch (RuntimeException e) {
            LOGGER.log(Level.FINE, e, () -> type + " cannot describe itself");
            description = "";
        }
        return oneLine(description.isBlank() ? name : name + ": " + description);
    }

    /** Makes what others wrote fit for one line of a console. */
    static String oneLine(String text) {
        return PlainText.oneLine(text, MAX_TEXT);
    }

    /** Compares the script of a replay with that of its original. */
    interface ReplayedScripts extends ExtensionPoint {

        /** @return which build it replays, and with which script; empty if it is no replay */
        Optional<RequestOrigin.Replay> compare(Run<?, ?> build);
    }
}
