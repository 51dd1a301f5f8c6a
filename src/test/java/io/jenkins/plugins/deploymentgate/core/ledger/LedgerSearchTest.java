package io.jenkins.plugins.deploymentgate.core.ledger;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.deploymentgate.core.ledger.LedgerProblem.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Searching the audit ledger, and removing old months of it. */
class LedgerSearchTest {

    @TempDir
    private Path home;

    private LedgerFixture world;

    @BeforeEach
    void fillLedger() throws Exception {
        world = new LedgerFixture(home).filled();
    }

    @AfterEach
    void closeLedger() {
        world.close();
    }

    private static LedgerFilter filter(String user, String month) {
        return new LedgerFilter(
                "", "", user, Optional.empty(), Optional.ofNullable(month).map(YearMonth::parse));
    }

    private List<String> search(LedgerFilter filter, int limit) throws IOException {
        List<String> users = new ArrayList<>();
        Optional<String> from = Optional.of("");
        while (from.isPresent()) {
            Ledger.Page page = world.ledger.search(filter, from.get(), limit);
            assertTrue(page.rows().size() <= limit);
            page.rows()
                    .forEach(row -> users.add(row.entry().orElseThrow().event().user()));
            from = page.older();
        }
        return users;
    }

    @Test
    void aSearchGivesTheLatestFirstPageByPage() throws Exception {
        for (int limit = 1; limit < 12; limit++) {
            assertEquals(
                    List.of("c2", "c1", "b3", "b2", "b1", "a5", "a4", "a3", "a2", "a1"),
                    search(LedgerFilter.ALL, limit),
                    limit + " at a time");
            assertEquals(List.of("b3", "b2", "b1"), search(filter("", "2026-04"), limit));
            assertEquals(List.of("c2", "b2", "a2"), search(filter("2", null), limit));
        }
        assertEquals(List.of(), search(filter("2", "2026-05"), 10));
    }

    @Test
    void aFilterLooksAtEveryFieldThatItNames() throws Exception {
        assertEquals(
                10,
                search(new LedgerFilter("PROD", "shop", "", Optional.empty(), Optional.empty()), 50)
                        .size());
        assertEquals(
                0,
                search(new LedgerFilter("staging", "", "", Optional.empty(), Optional.empty()), 50)
                        .size());
        assertEquals(
                0,
                search(new LedgerFilter("", "other", "", Optional.empty(), Optional.empty()), 50)
                        .size());
        assertEquals(
                10,
                search(new LedgerFilter("", "", "", LedgerEvent.Kind.of("approved"), Optional.empty()), 50)
                        .size());
        assertEquals(
                0,
                search(new LedgerFilter("", "", "", LedgerEvent.Kind.of("rejected"), Optional.empty()), 50)
                        .size());
    }

    @Test
    void aPlaceThatNobodyGaveStandsForTheEnd() throws Exception {
        for (String place : List.of("", "garbage", "2026-06-1", "2026-06-99999999", "9999-12-5", "2026-13-1")) {
            Ledger.Page page = world.ledger.search(LedgerFilter.ALL, place, 1);
            assertEquals("c2", page.rows().get(0).entry().orElseThrow().event().user(), place);
        }
    }

    @Test
    void aSearchForWhatIsRareStopsAndGoesOn() throws Exception {
        world.ledger.append(IntStream.range(0, Ledger.MAX_SEARCHED)
                .mapToObj(i -> LedgerFixture.event("crowd", "n" + i))
                .toList());
        Ledger.Page page = world.ledger.search(filter("a1", null), "", 5);
        assertEquals(List.of(), page.rows());
        Ledger.Page next = world.ledger.search(filter("a1", null), page.older().orElseThrow(), 5);
        assertEquals(1, next.rows().size());
        assertEquals(Optional.empty(), next.older());
    }

    @Test
    void whatWasChangedIsShownAsSuch() throws Exception {
        Files.writeString(world.file("2026-06"), world.text("2026-06").replace("\"c1\"", "\"eve\""));
        Files.writeString(world.file("2026-06"), "no entry\nhalf", StandardOpenOption.APPEND);
        List<Ledger.Row> rows = world.ledger.search(LedgerFilter.ALL, "", 3).rows();
        assertEquals(Optional.empty(), rows.get(0).entry());
        assertEquals("no entry", rows.get(0).line());
        assertEquals(
                List.of(false, true, false),
                rows.stream().map(Ledger.Row::intact).toList());
        List<Ledger.Row> all = new ArrayList<>();
        world.ledger.read(Optional.empty(), LedgerFilter.ALL, all::add);
        assertEquals(11, all.size(), "a half line is none");
        all.clear();
        world.ledger.read(Optional.of(YearMonth.parse("2026-04")), filter("b", null), all::add);
        assertEquals(3, all.size());
    }

    @Test
    void whatALaterVersionWritesIsKeptAndVerified() throws Exception {
        String line = world.text("2026-06").lines().toList().get(1);
        Chain chain = world.chain();
        String later = line.substring(0, line.indexOf(",\"hash\"")).replace("approved", "teleported");
        byte[] bytes = later.getBytes(StandardCharsets.UTF_8);
        Files.writeString(
                world.file("2026-06"),
                world.text("2026-06").replace(line, later + ",\"hash\":\"" + chain.hash(bytes, bytes.length) + "\"}"));
        Files.delete(home.resolve("checkpoint"));
        world.restart();
        assertEquals(Optional.empty(), world.verify().problem());
        Ledger.Row row = world.ledger.search(LedgerFilter.ALL, "", 1).rows().get(0);
        assertEquals(Optional.empty(), row.entry());
        assertTrue(row.intact());
    }

    @Test
    void oldMonthsAreRemovedAndTheRestIsStillVerified() throws Exception {
        assertEquals(List.of("2026-03.jsonl", "2026-04.jsonl"), world.ledger.purge(YearMonth.parse("2026-06")));
        assertEquals(List.of("c1", "c2", ""), world.users());
        LedgerEvent purged = world.entries().get(2).event();
        assertEquals(LedgerEvent.Kind.PURGED, purged.kind());
        assertEquals("2026-03.jsonl 2026-04.jsonl", purged.details().get("files"));
        assertEquals("8", purged.details().get("last_seq"));
        assertEquals(new Ledger.Report(1, 3, Optional.empty()), world.verify());
        world.restart();
        world.append("d1");
        assertEquals(Optional.empty(), world.verify().problem());
        assertEquals(List.of(), world.ledger.purge(YearMonth.parse("2026-06")), "there is nothing left to do");
        assertEquals(4, world.entries().size());
    }

    @Test
    void everythingBeforeANewMonthCanBeRemoved() throws Exception {
        world.now = Instant.parse("2027-01-15T00:00:00Z");
        world.ledger.purge(YearMonth.parse("2027-01"));
        assertEquals("[2027-01]", world.ledger.months().toString());
        assertEquals(Optional.empty(), world.verify().problem());
        world.now = Instant.parse("2027-02-15T00:00:00Z");
        world.append("e1");
        world.ledger.purge(YearMonth.parse("2027-02"));
        assertEquals(Optional.empty(), world.verify().problem(), "twice");
        assertEquals("[2027-02]", world.ledger.months().toString());
    }

    @Test
    void theCurrentMonthIsNeverRemoved() throws Exception {
        world.ledger.purge(YearMonth.parse("2030-01"));
        assertEquals("[2026-06]", world.ledger.months().toString());
        assertEquals(Optional.empty(), world.verify().problem());
    }

    @Test
    void aRemovalThatACrashCutShortIsExplainedAndFinished() throws Exception {
        byte[] april = Files.readAllBytes(world.file("2026-04"));
        world.ledger.purge(YearMonth.parse("2026-06"));
        Files.write(world.file("2026-04"), april);
        world.restart();
        assertEquals(Optional.empty(), world.verify().problem());
        assertEquals(List.of("2026-04.jsonl"), world.ledger.purge(YearMonth.parse("2026-06")));
        assertEquals(Optional.empty(), world.verify().problem());
    }

    @Test
    void whoeverRemovesMoreThanThatIsFound() throws Exception {
        world.ledger.purge(YearMonth.parse("2026-04"));
        assertEquals(Optional.empty(), world.verify().problem());
        Files.delete(world.file("2026-04"));
        assertEquals(
                new LedgerProblem(Kind.START_MISSING, "", 0, 1, 8),
                world.verify().problem().orElseThrow());
    }

    @Test
    void nothingIsRemovedThatCouldNotBeRecorded() throws Exception {
        world.room = 0;
        assertThrows(IOException.class, () -> world.ledger.purge(YearMonth.parse("2026-06")));
        assertEquals(3, world.ledger.months().size());
        world.room = -1;
        Files.writeString(world.file("2026-06"), world.text("2026-06").replace("\"c1\"", "\"eve\""));
        IOException refused = assertThrows(IOException.class, () -> world.ledger.purge(YearMonth.parse("2026-06")));
        assertThat(refused.getMessage(), containsString("2026-06.jsonl is damaged"));
        assertEquals(3, world.ledger.months().size());
    }

    @Test
    void nothingIsRemovedWhileTheNewestEntryLiesInTheFuture() throws Exception {
        world.now = Instant.parse("2026-06-09T00:00:00Z");
        IOException refused = assertThrows(IOException.class, () -> world.ledger.purge(YearMonth.parse("2026-06")));
        assertThat(
                refused.getMessage(),
                containsString("The newest entry of the audit ledger is of 2026-06-10T08:00:00Z"));
        assertEquals(3, world.ledger.months().size());
        assertEquals(10, world.entries().size());
        world.now = Instant.parse("2026-06-11T00:00:00Z");
        assertEquals(2, world.ledger.purge(YearMonth.parse("2026-06")).size());
    }
}
