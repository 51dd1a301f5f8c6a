package io.jenkins.plugins.deploymentgate.origin;

import jenkins.model.CauseOfInterruption;

/** Why a restart from a stage was ended: it would have skipped a gate. Stored in the build. */
final class SkippedGate extends CauseOfInterruption {

    private static final long serialVersionUID = 1L;

    private final int original;
    private final String stage;
    private final String environment;
    private final String gateStage;

    /**
     * @param original the number of the build that was restarted
     * @param stage the stage from which
     * @param environment the environment behind the gate; empty if it cannot be told whether there is one
     * @param gateStage the top-level stage with the first gate that was skipped; empty as the environment
     */
    SkippedGate(int original, String stage, String environment, String gateStage) {
        this.original = original;
        this.stage = Requesters.oneLine(stage);
        this.environment = environment;
        this.gateStage = Requesters.oneLine(gateStage);
    }

    @Override
    public String getShortDescription() {
        return environment.isEmpty()
                ? Messages.SkippedGate_Unknown(original, stage)
                : Messages.SkippedGate_Skipped(original, stage, environment, gateStage);
    }

    @Override
    public String toString() {
        return getShortDescription();
    }
}
