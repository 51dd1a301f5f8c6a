package io.jenkins.plugins.deploymentgate.benchmark;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** What the process of this controller uses. */
final class Gauges {

    private static final Path IO = Path.of("/proc/self/io");

    private Gauges() {}

    static int threads() {
        return ManagementFactory.getThreadMXBean().getThreadCount();
    }

    /** @return the bytes of the heap that are in use after everything else was collected */
    static long heap() {
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 3; round++) {
            System.gc();
            least = Math.min(
                    least,
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        return least;
    }

    /**
     * What this process has written so far, as Linux counts it.
     *
     * @param calls the bytes given to calls that write, to files or elsewhere
     * @param disk the bytes that made pages of files differ from the disk, whole pages
     */
    record Written(long calls, long disk) {

        static Written now() throws IOException {
            Map<String, Long> counts = Files.readAllLines(IO).stream()
                    .map(line -> line.split(": "))
                    .collect(Collectors.toMap(line -> line[0], line -> Long.valueOf(line[1])));
            return new Written(counts.get("wchar"), counts.get("write_bytes"));
        }

        /** Waits until nothing is written any more. */
        static Written settled() throws Exception {
            Written before = now();
            while (true) {
                TimeUnit.MILLISECONDS.sleep(1_500);
                Written after = now();
                if (after.equals(before)) {
                    return after;
                }
                before = after;
            }
        }
    }
}
