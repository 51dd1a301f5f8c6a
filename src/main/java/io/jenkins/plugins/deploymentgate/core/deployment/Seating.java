package io.jenkins.plugins.deploymentgate.core.deployment;

import io.jenkins.plugins.deploymentgate.core.policy.ApprovalRule;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Assigns approvals to the seats of rules: a maximum bipartite matching. A rule has as many seats as it requires
 * approvals. An approval fits the rule that its voter chose, or, if they chose none, every rule that admits them; if the
 * chosen rule is gone or does not admit the voter any more, the approval is treated as if none had been chosen.
 *
 * <p>The same approvals give the same assignment. It fills as many seats as possible; earlier approvals have a seat before
 * later ones; and each of these in turn has the first rule in the order of the policy that leaves a seat to all others.
 */
final class Seating {

    /** The seats of one rule. Compared by identity. */
    private static final class Row {
        final ApprovalRule rule;
        final List<Approval> seated = new ArrayList<>();

        Row(ApprovalRule rule) {
            this.rule = rule;
        }
    }

    private final List<Row> rows;
    private final Map<Approval, List<Row>> fitting = new HashMap<>();
    private final Set<Approval> settled = new HashSet<>();

    private Seating(List<ApprovalRule> rules, Collection<Approval> approvals) {
        rows = rules.stream().map(Row::new).toList();
        approvals.forEach(approval -> fitting.put(approval, fitting(approval)));
    }

    private List<Row> fitting(Approval approval) {
        List<Row> admitting =
                rows.stream().filter(row -> row.rule.admits(approval.voter())).toList();
        List<Row> chosen = admitting.stream()
                .filter(row -> approval.rule().filter(row.rule.name()::equals).isPresent())
                .toList();
        return chosen.isEmpty() ? admitting : chosen;
    }

    /**
     * @param rules the rules of a policy, in its order
     * @param approvals one for each person, in the order in which they are counted
     * @return each rule with the approvals that fill its seats
     */
    static List<Tally.RuleTally> of(List<ApprovalRule> rules, Collection<Approval> approvals) {
        Seating seating = new Seating(rules, approvals);
        approvals.stream()
                .filter(approval -> seating.seat(approval, new HashSet<>()))
                .toList()
                .forEach(seating::settle);
        seating.rows.forEach(row -> row.seated.sort(Approval.ORDER));
        return seating.rows.stream()
                .map(row -> new Tally.RuleTally(row.rule, row.seated))
                .toList();
    }

    /**
     * Gives an approval a seat, if need be by moving others along an augmenting path.
     *
     * @param tried the rows that were tried in vain; grows
     * @return whether it has a seat now; if not, nothing has changed
     */
    private boolean seat(Approval approval, Set<Row> tried) {
        return fitting.get(approval).stream().anyMatch(row -> tried.add(row) && enter(row, approval, tried));
    }

    private boolean enter(Row row, Approval approval, Set<Row> tried) {
        if (row.seated.size() < row.rule.requiredApprovals()) {
            row.seated.add(approval);
            return true;
        }
        for (int i = 0; i < row.seated.size(); i++) {
            Approval other = row.seated.get(i);
            if (!settled.contains(other) && seat(other, tried)) {
                row.seated.set(i, approval);
                return true;
            }
        }
        return false;
    }

    /** Moves an approval that has a seat to the first rule where it can have one while all others keep one. */
    private void settle(Approval approval) {
        rows.forEach(row -> row.seated.remove(approval));
        fitting.get(approval).stream()
                .filter(row -> enter(row, approval, new HashSet<>(Set.of(row))))
                .findFirst()
                .orElseThrow();
        settled.add(approval);
    }
}
