package io.jenkins.plugins.deploymentgate.audit;

import io.jenkins.plugins.deploymentgate.core.ledger.AuditProblem;

/** Says in the reader's language what is wrong with the audit ledger. */
public final class AuditWording {

    private AuditWording() {}

    /**
     * @param problem what is wrong
     * @return a sentence or two
     */
    public static String describe(AuditProblem problem) {
        String what =
                switch (problem.kind()) {
                    case UNREADABLE -> Messages.AuditProblem_Unreadable();
                    case ALTERED -> Messages.AuditProblem_Altered(problem.from());
                    case MISSING -> Messages.AuditProblem_Missing(problem.from(), problem.to());
                    case DISORDERED -> Messages.AuditProblem_Disordered(problem.from());
                    case UNLINKED -> Messages.AuditProblem_Unlinked(problem.from());
                    case START_MISSING -> Messages.AuditProblem_StartMissing(problem.to());
                    case END_MISSING -> Messages.AuditProblem_EndMissing(problem.from(), problem.to());
                    case ANCHOR_LOST -> Messages.AuditProblem_AnchorLost();
                    case ANCHOR_ALTERED -> Messages.AuditProblem_AnchorAltered();
                    case INTERFERENCE -> Messages.AuditProblem_Interference();
                };
        if (problem.file().isEmpty()) {
            return what;
        }
        return what + " "
                + (problem.line() > 0
                        ? Messages.AuditProblem_Line(problem.file(), problem.line())
                        : Messages.AuditProblem_File(problem.file()));
    }
}
