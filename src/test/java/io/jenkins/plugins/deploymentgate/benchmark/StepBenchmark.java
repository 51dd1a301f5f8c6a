package io.jenkins.plugins.deploymentgate.benchmark;

import io.jenkins.plugins.deploymentgate.RealController;
import io.jenkins.plugins.deploymentgate.benchmark.probe.Probe;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.RealJenkinsExtension;

/**
 * {@code deploymentGate} beside {@code input}, in one controller and in turns. {@code ./mvnw verify -Pbenchmark} runs it
 * and prints a table. It says nothing of good or bad: on another machine the times are others, and only the ratios can be
 * compared. {@code -Dbenchmark.share} makes all crowds smaller, in percent.
 */
class StepBenchmark {

    private static final int SHARE = Integer.getInteger("benchmark.share", 100);
    private static final int LARGE = 5_000_000;

    @RegisterExtension
    final RealJenkinsExtension process = RealController.process()
            .addSyntheticPlugin(new RealJenkinsExtension.SyntheticPlugin(Probe.class)
                    .shortName("probe")
                    .header("Plugin-Dependencies", "workflow-api:0,workflow-step-api:0"));

    private final Map<String, Map<Contender, Samples>> measured = new LinkedHashMap<>();

    @Test
    void showsWhatTheGateCostsBesideTheInputStep() throws Throwable {
        process.startJenkins();
        process.runRemotely(StepBenchmark::create);
        waiting(150, 2, false);
        waiting(300, 3, true);
        waiting(1_000, 2, true);
        print();
        writing("small build.xml", 0);
        writing("build.xml of 5 MB", LARGE);
        print();
        restarting(300, 5);
        process.stopJenkins();
        print();
    }

    private static void create(JenkinsRule j) throws Throwable {
        RealController.configure(j);
        Contender.create();
    }

    private static int share(int size) {
        return Math.max(size * SHARE / 100, 8);
    }

    /** The two take turns at being first. */
    private static List<Contender> inTurn(int round) {
        List<Contender> order = Arrays.asList(Contender.values());
        if (round % 2 == 1) {
            Collections.reverse(order);
        }
        return order;
    }

    private Samples of(String what, Contender contender) {
        return measured.computeIfAbsent(what, key -> new EnumMap<>(Contender.class))
                .computeIfAbsent(contender, key -> new Samples());
    }

    private void waiting(int size, int rounds, boolean kept) throws Throwable {
        String builds = String.format("%,d builds ", size);
        for (int round = 0; round < rounds; round++) {
            for (Contender contender : inTurn(round)) {
                Round.Waiting waiting = process.runRemotely(Round::waiting, contender, share(size));
                if (kept) {
                    of(builds + "until all are blocked, ms", contender).add(waiting.blocked());
                    of(builds + "blocked: threads more", contender).add(waiting.threads());
                    of(builds + "blocked: heap of each, KB", contender).add(waiting.heap() / 1_000);
                    of("approval to next step, 1 voter, ms", contender).addAll(waiting.alone());
                    of("approval to next step, 50 voters at once, ms", contender)
                            .addAll(waiting.together());
                }
            }
        }
    }

    private void writing(String what, int length) throws Throwable {
        for (int round = 0; round < 3; round++) {
            for (Contender contender : inTurn(round)) {
                Round.Writing writing = process.runRemotely(Round::writing, contender, share(20), length);
                of(what + ", KB of write calls for each vote", contender).add(writing.calls() / 1_000);
                of(what + ", KB of pages for each vote", contender).add(writing.disk() / 1_000);
            }
        }
    }

    private void restarting(int size, int rounds) throws Throwable {
        String builds = size + " blocked builds: ";
        for (int round = 0; round < rounds; round++) {
            for (Contender contender : inTurn(round)) {
                process.runRemotely(Round::block, contender, share(size));
                long begin = System.nanoTime();
                process.stopJenkins();
                of(builds + "until Jenkins has stopped, ms", contender).add((System.nanoTime() - begin) / 1e6);
                process.startJenkins();
                Round.Resumed resumed = process.runRemotely(Round::resumed, contender, share(size));
                of(builds + "start to first vote taken, ms", contender).add(resumed.first());
                of(builds + "start to every vote taken, ms", contender).add(resumed.every());
            }
        }
    }

    private void print() {
        Table table = new Table("", "input", "gate", "gate / input");
        for (String name : measured.keySet()) {
            boolean single = name.startsWith("approval");
            row(table, single ? name + ", median" : name, name, 50);
            if (single) {
                row(table, name + ", p99", name, 99);
            }
        }
        table.print();
        measured.clear();
    }

    private void row(Table table, String what, String name, int percentile) {
        double input = of(name, Contender.INPUT).percentile(percentile);
        double gate = of(name, Contender.GATE).percentile(percentile);
        table.row(what, Table.number(input), Table.number(gate), Table.ratio(gate, input));
    }
}
