package io.jenkins.plugins.deploymentgate.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import hudson.model.Run;
import io.jenkins.plugins.deploymentgate.core.ledger.LedgerEntry;
import io.jenkins.plugins.deploymentgate.core.ledger.LedgerEvent;
import io.jenkins.plugins.deploymentgate.core.ledger.LedgerFilter;
import io.jenkins.plugins.deploymentgate.gate.AuditReconciler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jenkins.model.Jenkins;

/** The audit ledger of the Jenkins of a test. */
public final class Ledger {

    private Ledger() {}

    /** Everything in it. */
    public static List<LedgerEntry> entries() throws IOException {
        List<LedgerEntry> entries = new ArrayList<>();
        AuditLedger.get()
                .ledger()
                .read(
                        Optional.empty(),
                        LedgerFilter.ALL,
                        row -> entries.add(row.entry().orElseThrow()));
        return entries;
    }

    /** What it has of a build: kind, person and means of each entry. */
    public static List<String> of(Run<?, ?> build) throws IOException {
        return entries().stream()
                .filter(entry -> isOf(entry.event(), build))
                .map(entry -> entry.event().kind() + " " + entry.event().user() + " "
                        + entry.event().origin().means())
                .map(text -> text.replace("  ", " "))
                .toList();
    }

    /** From where that came which it has of a person's doings in a build: means and address of each entry. */
    public static List<String> originsOf(Run<?, ?> build, String user) throws IOException {
        return entries().stream()
                .filter(entry ->
                        isOf(entry.event(), build) && entry.event().user().equals(user))
                .map(entry -> entry.event().origin())
                .map(origin -> (origin.means() + " " + origin.address()).strip())
                .toList();
    }

    private static boolean isOf(LedgerEvent event, Run<?, ?> build) {
        return event.subject().item().equals(build.getParent().getFullName())
                && event.subject().build() == build.getNumber();
    }

    /** Lets the periodic task have its turn. */
    public static void catchUp() {
        AuditReconciler.get().reconcile();
    }

    /** Expects that nothing is wrong with it. */
    public static void assertSound() throws IOException {
        assertEquals(
                Optional.empty(),
                AuditLedger.get()
                        .ledger()
                        .verify(Optional.empty(), entries -> {})
                        .problem());
        assertEquals(List.of(), AuditLedger.get().ledger().damages());
    }

    private static Path directory() {
        return Jenkins.get().getRootDir().toPath().resolve("deployment-gate/audit");
    }

    private static Path aside() {
        return directory().resolveSibling("audit-aside");
    }

    /** Makes every write fail. */
    public static void fail() throws IOException {
        Files.move(directory(), aside());
        Files.writeString(directory(), "a file where the directory was");
    }

    /** Ends what {@link #fail} has begun. */
    public static void heal() throws IOException {
        if (Files.exists(aside())) {
            Files.delete(directory());
            Files.move(aside(), directory());
        }
    }
}
