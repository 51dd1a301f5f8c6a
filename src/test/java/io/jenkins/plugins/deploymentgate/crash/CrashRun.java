package io.jenkins.plugins.deploymentgate.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jenkins.plugins.deploymentgate.crash.seams.Seam;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.jvnet.hudson.test.junit.jupiter.RealJenkinsExtension;

/**
 * The long form of {@link CrashTest}: one home, many kills, at the seams in turn and at random times, while many people
 * vote. Not part of the build; {@code ./mvnw test -Pcrash} runs it and prints what it counts. {@code -Dcrash.kills} says
 * how many, {@code -Dcrash.seed} repeats the dice of an earlier run.
 */
class CrashRun {

    private static final int KILLS = Integer.getInteger("crash.kills", 200);
    private static final long SEED = Long.getLong("crash.seed", System.nanoTime());
    private static final int BUILDS = 8;

    @RegisterExtension
    final RealJenkinsExtension process = Controller.process();

    private final Random random = new Random(SEED);
    private final VoteBook book = new VoteBook();
    private final Map<Seam, Integer> killsAtSeams = new EnumMap<>(Seam.class);
    private final List<String> problems = new ArrayList<>();
    private final List<BuildState> stuck = new ArrayList<>();
    private final List<BuildState> ended = new ArrayList<>();
    private Controller controller;
    private Closers closers;
    private InputClicks clicks;
    private int killsUnderLoad;
    private int killsAtStart;

    @Test
    void nothingAcknowledgedIsLostWhateverKillsTheController() throws Throwable {
        controller = new Controller(process);
        closers = new Closers(controller, book);
        clicks = new InputClicks(controller, process);
        controller.create(
                Stream.concat(Stream.of(Load.USERS), Stream.of(Closers.USERS)).toArray(String[]::new));
        process.runRemotely(InputClicks::create);
        Instant begin = Instant.now();
        int first = 1;
        for (int round = 0; kills() < KILLS; round++) {
            underLoad(round, first);
            problems.addAll(controller.leftInLedger(book));
            if (round % 8 == 5) {
                controller.startAndKill(Duration.ofMillis(500 + random.nextInt(4000)));
                killsAtStart++;
            }
            controller.start();
            first = look(first);
            if (round % 10 == 9) {
                report("So far", begin);
            }
        }
        problems.addAll(Checks.problems(controller, controller.builds(1).values(), book));
        report("Crash run", begin);
        assertEquals(List.of(), problems);
        assertEquals(List.of(), stuck);
    }

    private void underLoad(int round, int first) throws Exception {
        Optional<Seam> seam =
                round % 2 == 0 ? Optional.of(Seam.values()[round / 2 % Seam.values().length]) : Optional.empty();
        Optional<InputClicks> input = seam.isPresent() ? Optional.empty() : Optional.of(clicks);
        try (Load load = new Load(controller, book, input, process.getHome().toPath(), first, first + BUILDS - 1)) {
            load.begin(random, seam, round % 4 < 2);
            if (seam.isPresent() && controller.hasHalted(Duration.ofSeconds(15))) {
                killsAtSeams.merge(seam.get(), 1, Integer::sum);
                return;
            }
            int answers = random.nextInt(2 * BUILDS);
            Instant limit = Instant.now().plusSeconds(5);
            while (load.acknowledged() < answers && Instant.now().isBefore(limit)) {
                TimeUnit.MILLISECONDS.sleep(1);
            }
            TimeUnit.MILLISECONDS.sleep(random.nextInt(40));
            controller.kill();
            killsUnderLoad++;
        }
    }

    /** Looks at what the kill has left, and brings it to an end; gives the number of the next build. */
    private int look(int first) throws Throwable {
        problems.addAll(Checks.problems(controller, controller.builds(first).values(), book));
        stuck.addAll(closers.close(first, stuck::contains));
        TreeMap<Integer, BuildState> after = controller.builds(first);
        problems.addAll(Checks.problems(controller, after.values(), book));
        after.values().stream().filter(Checks::wasLost).forEach(ended::add);
        clicks.settle();
        return after.isEmpty() ? first : after.lastKey() + 1;
    }

    private int kills() {
        return sum(killsAtSeams.values()) + killsUnderLoad + killsAtStart;
    }

    private static int sum(Collection<Integer> numbers) {
        return numbers.stream().mapToInt(Integer::intValue).sum();
    }

    private void report(String title, Instant begin) {
        System.out.println(title + ", seed " + SEED + ", "
                + Duration.between(begin, Instant.now()).toMinutes()
                + " minutes\n  kills: " + kills() + " (" + killsUnderLoad + " at random under load, " + killsAtStart
                + " while starting, at seams " + killsAtSeams + ")\n  deployment gate: " + book.acknowledged()
                + " votes acknowledged, problems " + problems.size() + ", builds stuck " + stuck.size()
                + ", approved builds that Jenkins could not resume " + ended.size() + "\n  " + clicks);
        Stream.of(problems, stuck, ended).flatMap(List::stream).forEach(line -> System.out.println("  " + line));
    }
}
