package io.jenkins.plugins.deploymentgate.core.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.deploymentgate.core.ledger.LedgerProblem.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is done to the files without the key is found, at the place where it was done. */
class LedgerTamperingTest {

    private static final List<String> MONTHS = List.of("2026-03", "2026-04", "2026-06");

    @TempDir
    private Path home;

    private LedgerFixture world;
    private Map<Path, byte[]> good;

    @BeforeEach
    void fillLedger() throws Exception {
        world = new LedgerFixture(home).filled();
        good = new TreeMap<>();
        try (Stream<Path> files = Files.list(home)) {
            for (Path file : files.toList()) {
                good.put(file, Files.readAllBytes(file));
            }
        }
    }

    @AfterEach
    void closeLedger() {
        world.close();
    }

    private void restore() throws IOException {
        for (Map.Entry<Path, byte[]> file : good.entrySet()) {
            if (Files.notExists(file.getKey()) || !Arrays.equals(Files.readAllBytes(file.getKey()), file.getValue())) {
                Files.write(file.getKey(), file.getValue());
            }
        }
    }

    private List<String> lines(String month) throws IOException {
        return new ArrayList<>(world.text(month).lines().toList());
    }

    private void write(String month, List<String> lines) throws IOException {
        Files.writeString(
                world.file(month), lines.stream().map(line -> line + "\n").reduce("", String::concat));
    }

    /** Every byte of the file in the middle, and enough of the others. */
    private static int stride(String month) {
        return month.equals("2026-04") ? 1 : 13;
    }

    /** What is found while Jenkins runs. */
    private LedgerProblem found(String what) throws IOException {
        LedgerProblem problem = world.verify().problem().orElseThrow(() -> new AssertionError("not found: " + what));
        restore();
        return problem;
    }

    /** The same, if it is also found after Jenkins was started anew. */
    private LedgerProblem foundAlways(String what) throws IOException {
        Ledger.Report restarted;
        try (LedgerFixture other = new LedgerFixture(home)) {
            restarted = other.verify();
        }
        assertTrue(restarted.problem().isPresent(), "after a restart: " + what);
        LedgerProblem running = found(what);
        assertEquals(Optional.empty(), world.verify().problem(), "it heals when the files do");
        return running;
    }

    @Test
    void aChangeOfAnyByteIsFoundInItsLine() throws Exception {
        for (String month : MONTHS) {
            byte[] bytes = good.get(world.file(month));
            for (int i = 0; i < bytes.length; i += stride(month)) {
                byte[] changed = bytes.clone();
                changed[i] = (byte) (changed[i] == '1' ? '2' : '1');
                Files.write(world.file(month), changed);
                LedgerProblem problem = found(month + " byte " + i);
                assertEquals(month + ".jsonl", problem.file());
                String before = new String(bytes, 0, i, StandardCharsets.UTF_8);
                assertEquals(before.chars().filter(c -> c == '\n').count() + 1, problem.line(), "byte " + i);
            }
        }
    }

    @Test
    void aChangeOfAnyFieldIsFoundAsAnAlteration() throws Exception {
        for (String field : List.of(
                "\"seq\":1",
                "2026-03-31T23",
                "approved",
                "77/approved",
                "T22:59",
                "\"a1\"",
                "page",
                "192.0.2.7",
                "production",
                "shop/deploy",
                "\"build\":12",
                "\"deployment_id\":77",
                "fine",
                "quality",
                "\"prev\":\"0")) {
            for (String month : MONTHS) {
                List<String> lines = lines(month);
                for (int i = 0; i < lines.size(); i++) {
                    List<String> changed = new ArrayList<>(lines);
                    String line = lines.get(i).replaceFirst(field, field.replaceFirst("[a-z0-9](?=\\W*$)", "8"));
                    if (!line.equals(lines.get(i))) {
                        changed.set(i, line);
                        write(month, changed);
                        assertEquals(
                                Kind.ALTERED,
                                foundAlways(field + " in line " + i).kind());
                    }
                }
            }
        }
    }

    @Test
    void aLineThatIsMissingIsFound() throws Exception {
        for (String month : MONTHS) {
            List<String> lines = lines(month);
            for (int i = 0; i < lines.size(); i++) {
                List<String> fewer = new ArrayList<>(lines);
                fewer.remove(i);
                write(month, fewer);
                LedgerProblem problem = foundAlways(month + " line " + i);
                boolean first = month.equals("2026-03") && i == 0;
                boolean last = month.equals("2026-06") && i == lines.size() - 1;
                assertEquals(first ? Kind.START_MISSING : last ? Kind.END_MISSING : Kind.MISSING, problem.kind());
                assertEquals(problem.from(), problem.to());
            }
        }
    }

    @Test
    void linesThatChangePlacesAreFound() throws Exception {
        for (String month : MONTHS) {
            List<String> lines = lines(month);
            for (int i = 0; i + 1 < lines.size(); i++) {
                List<String> swapped = new ArrayList<>(lines);
                swapped.add(i, swapped.remove(i + 1));
                write(month, swapped);
                foundAlways(month + " line " + i);
            }
        }
        List<String> march = lines("2026-03");
        List<String> april = lines("2026-04");
        write("2026-03", april);
        write("2026-04", march);
        foundAlways("two files");
    }

    @Test
    void aLineThatIsRepeatedOrInventedIsFound() throws Exception {
        for (String month : MONTHS) {
            List<String> lines = lines(month);
            for (int i = 0; i <= lines.size(); i++) {
                for (String line : List.of(lines.get(0), "", "{}", "garbage", forged())) {
                    List<String> more = new ArrayList<>(lines);
                    more.add(i, line);
                    write(month, more);
                    foundAlways(month + " before line " + i + ": " + line);
                }
            }
        }
    }

    /** An entry by somebody who knows everything but the key. */
    private static String forged() throws IOException {
        Chain chain = new Chain(bytes -> new byte[32]);
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        LedgerLine.write(
                line,
                LedgerFixture.event("mallory", "fine"),
                LedgerFixture.MARCH,
                new Chain.Head(10, "0".repeat(64)),
                chain);
        return line.toString(StandardCharsets.UTF_8).strip();
    }

    @Test
    void aFileThatIsCutShortAnywhereIsFound() throws Exception {
        for (String month : MONTHS) {
            byte[] bytes = good.get(world.file(month));
            for (int length = 0; length < bytes.length; length += stride(month)) {
                Files.write(world.file(month), Arrays.copyOf(bytes, length));
                found(month + " cut to " + length);
            }
            for (int length : new int[] {0, 1, bytes.length / 2, bytes.length - 1}) {
                Files.write(world.file(month), Arrays.copyOf(bytes, length));
                foundAlways(month + " cut to " + length);
            }
        }
    }

    @Test
    void aFileThatIsMissingIsFound() throws Exception {
        for (String month : MONTHS) {
            Files.delete(world.file(month));
            LedgerProblem problem = foundAlways(month);
            assertEquals(
                    switch (month) {
                        case "2026-03" -> new LedgerProblem(Kind.START_MISSING, "", 0, 1, 5);
                        case "2026-04" -> new LedgerProblem(Kind.MISSING, "2026-06.jsonl", 1, 6, 8);
                        default -> new LedgerProblem(Kind.END_MISSING, "2026-04.jsonl", 0, 9, 10);
                    },
                    problem);
        }
        for (String month : MONTHS) {
            Files.delete(world.file(month));
        }
        assertEquals(new LedgerProblem(Kind.END_MISSING, "", 0, 1, 10), foundAlways("all of them"));
    }

    @Test
    void aWrongPlaceInAnotherMonthIsFoundAlsoByAShortVerification() throws Exception {
        List<String> april = lines("2026-04");
        List<String> cut = april.subList(0, 2);
        write("2026-04", cut);
        assertEquals(
                new LedgerProblem(Kind.MISSING, "2026-06.jsonl", 1, 8, 8),
                world.verifyFrom("2026-06").problem().orElseThrow());
        restore();
        Files.writeString(world.file("2026-04"), world.text("2026-04").replace("b3", "b4"));
        assertEquals(
                Kind.ALTERED,
                world.verifyFrom("2026-06").problem().orElseThrow().kind());
    }

    @Test
    void whatWasCutOffBeforeAStartIsMissingForEver() throws Exception {
        write("2026-06", List.of());
        world.restart();
        world.append("next");
        LedgerProblem problem = world.verify().problem().orElseThrow();
        assertEquals(new LedgerProblem(Kind.MISSING, "2026-06.jsonl", 1, 9, 10), problem);
        world.restart();
        world.append("and so on");
        assertEquals(problem, world.verify().problem().orElseThrow());
    }

    @Test
    void filesThatAreAllGoneAtAStartAreMissed() throws Exception {
        for (String month : MONTHS) {
            Files.delete(world.file(month));
        }
        world.restart();
        world.append("next");
        assertEquals(
                new LedgerProblem(Kind.START_MISSING, "", 0, 1, 10),
                world.verify().problem().orElseThrow());
    }

    @Test
    void anotherKeyIsNoticedAndTheLedgerGoesOn() throws Exception {
        world.key = "another";
        world.restart();
        world.append("next");
        assertEquals(
                List.of(Kind.ALTERED),
                world.ledger.damages().stream().map(LedgerProblem::kind).toList());
        assertEquals(
                new LedgerProblem(Kind.ALTERED, "2026-03.jsonl", 1, 1, 1),
                world.verify().problem().orElseThrow());
        assertEquals(12, world.entries().get(11).seq());
    }

    @Test
    void anCheckpointThatWasReplacedIsNoticed() throws Exception {
        Files.writeString(home.resolve("checkpoint"), "nothing");
        world.restart();
        world.append("next");
        assertEquals(
                List.of(Kind.CHECKPOINT_ALTERED),
                world.ledger.damages().stream().map(LedgerProblem::kind).toList());
    }
}
