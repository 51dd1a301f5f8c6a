package io.jenkins.plugins.deploymentgate.gate;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Run;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jenkinsci.plugins.workflow.flow.FlowExecutionOwner;

/**
 * The step that waits for a deployment, once there is one, and how far it has got. A decision reaches a step only when the
 * saved state of the pipeline is certain to hold that step: else a crash after the delivery would make the pipeline ask
 * again for what was decided already.
 *
 * <p>Any thread may call. Nothing here takes a lock or waits for the disk, since the thread of a pipeline must not.
 */
final class Delivery {

    private static final Logger LOGGER = Logger.getLogger(Delivery.class.getName());

    /** How far the step has got. */
    enum State {
        /** The first record is being written. There is no deployment before that is done. */
        OPENING,
        /** The record was not read yet. */
        UNREAD,
        /** No step waits, and the saved pipeline does not hold one: it will reach the gate again and adopt the deployment. */
        ORPHANED,
        /** The pipeline has adopted a deployment that is decided; its step is about to attach. */
        ADOPTED,
        /** No step waits yet, and the saved pipeline holds one, which Jenkins will resume. */
        EXPECTED,
        /** A step waits, and the pipeline is being saved with it. */
        ATTACHED,
        /** A step waits, and the pipeline could not be saved with it. */
        UNSAVED,
        /** A step waits, and the saved pipeline holds it: it may be told. */
        ANCHORED,
        /** The step was told, or never had to wait. */
        TOLD,
        /** The deployment ends with its build or step: no vote is taken, and no step is told. */
        CLOSED;

        private final Map<Event, State> next = new EnumMap<>(Event.class);

        static {
            OPENING.on(Event.OPENED, ORPHANED).on(Event.OPENED_ENDED, TOLD);
            UNREAD.on(Event.READ_ANCHORED, EXPECTED)
                    .on(Event.READ_ORPHANED, ORPHANED)
                    .on(Event.RESUME, ANCHORED);
            ORPHANED.on(Event.ADOPT_DECIDED, ADOPTED).on(Event.ATTACH, ATTACHED).on(Event.RESUME, ANCHORED);
            ADOPTED.on(Event.ATTACH, ATTACHED);
            EXPECTED.on(Event.RESUME, ANCHORED);
            ATTACHED.on(Event.SAVED, ANCHORED).on(Event.NOT_SAVED, UNSAVED);
            UNSAVED.on(Event.ATTACH, ATTACHED).on(Event.SAVED, ANCHORED);
            ANCHORED.on(Event.TELL, TOLD);
            for (State state : values()) {
                state.on(Event.CLOSE, CLOSED);
            }
        }

        private State on(Event event, State following) {
            next.put(event, following);
            return this;
        }

        /** @return the state after the event; empty if the event changes nothing in this state */
        Optional<State> after(Event event) {
            return Optional.ofNullable(next.get(event));
        }
    }

    /** What can happen to the step of a deployment. */
    enum Event {
        /** The first record is on disk, and a step will wait for the decision or for its delivery. */
        OPENED,
        /** The first record, of a deployment that was forbidden, is on disk. */
        OPENED_ENDED,
        /** The record was read, and the saved pipeline holds the step. */
        READ_ANCHORED,
        /** The record was read, and the pipeline has to ask again. */
        READ_ORPHANED,
        /** The pipeline has reached the gate again and found the decision. */
        ADOPT_DECIDED,
        /** A step begins to wait. */
        ATTACH,
        /** Jenkins has resumed the step from the saved pipeline. */
        RESUME,
        /** The pipeline was saved with the step. */
        SAVED,
        /** The pipeline could not be saved. */
        NOT_SAVED,
        /** The step is told of the decision. */
        TELL,
        /** The step was interrupted, or the build has ended. */
        CLOSE
    }

    private final Run<?, ?> build;
    private final AtomicReference<State> state;

    @CheckForNull
    private volatile LiveStep step;

    Delivery(Run<?, ?> build, State state) {
        this.build = build;
        this.state = new AtomicReference<>(state);
    }

    State state() {
        return state.get();
    }

    /** @return whether the event changed the state */
    boolean move(Event event) {
        while (true) {
            State before = state.get();
            Optional<State> after = before.after(event);
            if (after.isEmpty()) {
                return false;
            } else if (state.compareAndSet(before, after.get())) {
                return true;
            }
        }
    }

    /** Makes a step that begins to wait the one that is told of the decision, once the pipeline was saved with it. */
    void attach(LiveStep waiting) {
        step = waiting;
        move(Event.ATTACH);
    }

    /** Makes a step that Jenkins has resumed from the saved pipeline the one that is told of the decision. */
    void resume(LiveStep waiting) {
        step = waiting;
        move(Event.RESUME);
    }

    /** @return the step, if the pipeline could not be saved with it and is to be saved again */
    Optional<LiveStep> takeUnsaved() {
        return state() == State.UNSAVED && move(Event.ATTACH) ? Optional.ofNullable(step) : Optional.empty();
    }

    /** @return the step, if it may be told now; it counts as told then */
    Optional<LiveStep> take() {
        return move(Event.TELL) ? Optional.ofNullable(step) : Optional.empty();
    }

    /** Prints to the console of the step, or of the build while there is no step. */
    void print(String line) {
        LiveStep waiting = step;
        boolean printed = waiting != null && waiting.print(line);
        FlowExecutionOwner pipeline = !printed && build instanceof FlowExecutionOwner.Executable executable
                ? executable.asFlowExecutionOwner()
                : null;
        if (pipeline != null) {
            try {
                pipeline.getListener().getLogger().println(line);
            } catch (IOException e) {
                LOGGER.log(Level.WARNING, e, () -> "Cannot write to the console of " + build);
            }
        }
    }
}
