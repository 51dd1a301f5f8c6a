package io.jenkins.plugins.deploymentgate.origin;

import hudson.Extension;
import hudson.model.Action;
import hudson.model.Cause;
import hudson.model.CauseAction;
import hudson.model.InvisibleAction;
import hudson.model.Job;
import hudson.model.Queue;
import hudson.model.queue.FoldableAction;
import hudson.security.ACL;
import java.util.List;
import java.util.Optional;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.springframework.security.core.Authentication;

/**
 * Notes on a build who was logged in when it was put into the queue. The cause does not always say so: a request that
 * carries the build token of a job makes a {@link Cause.RemoteCause} even if it is sent by somebody who is logged in.
 *
 * <p>Where several requests are merged in the queue, the build has the note of each. This is no {@link Queue.QueueAction},
 * so it does not influence whether they are merged.
 */
@Restricted(NoExternalUse.class)
public final class ScheduledBy extends InvisibleAction implements FoldableAction {

    /** The user id; empty if nobody was logged in for a request whose causes do not explain it either. */
    private final String user;

    private ScheduledBy(String user) {
        this.user = user;
    }

    /** @return the user id of who was logged in; empty if nobody was */
    Optional<String> user() {
        return Optional.of(user).filter(id -> !id.isEmpty());
    }

    @Override
    public void foldIntoExisting(Queue.Item item, Queue.Task owner, List<Action> otherActions) {
        if (item.getActions(ScheduledBy.class).stream().noneMatch(other -> other.user.equals(user))) {
            item.addAction(this);
        }
    }

    /** Adds the note. Called on the thread that schedules the build, with the lock of the queue held. */
    @Extension
    @Restricted(NoExternalUse.class)
    public static class Recorder extends Queue.QueueDecisionHandler {

        @Override
        public boolean shouldSchedule(Queue.Task task, List<Action> actions) {
            if (task instanceof Job) {
                Authentication caller = Jenkins.getAuthentication2();
                if (!ACL.SYSTEM2.equals(caller) && !ACL.isAnonymous2(caller)) {
                    actions.add(new ScheduledBy(caller.getName()));
                } else if (needsLogin(actions)) {
                    actions.add(new ScheduledBy(""));
                }
            }
            return true;
        }

        /** Without a note, merging with the request of somebody who is logged in would explain both requests. */
        private static boolean needsLogin(List<Action> actions) {
            List<Cause> causes = actions.stream()
                    .filter(CauseAction.class::isInstance)
                    .flatMap(action -> ((CauseAction) action).getCauses().stream())
                    .toList();
            return causes.isEmpty() || causes.stream().anyMatch(Cause.RemoteCause.class::isInstance);
        }
    }
}
