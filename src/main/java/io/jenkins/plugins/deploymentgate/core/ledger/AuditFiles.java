package io.jenkins.plugins.deploymentgate.core.ledger;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.YearMonth;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The files of the audit ledger: one for each month in UTC in which something was written, and the anchor.
 *
 * @param directory where they are; need not exist
 */
record AuditFiles(Path directory) {

    private static final Pattern NAME = Pattern.compile("([0-9]{4}-(?:0[1-9]|1[0-2]))\\.jsonl");

    /** @return the months for which there are files, the oldest first */
    List<YearMonth> months() throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> NAME.matcher(String.valueOf(file.getFileName())))
                    .filter(Matcher::matches)
                    .map(name -> YearMonth.parse(name.group(1)))
                    .sorted()
                    .toList();
        }
    }

    Path file(YearMonth month) {
        return directory.resolve(name(month));
    }

    static String name(YearMonth month) {
        return month + ".jsonl";
    }

    Path anchor() {
        return directory.resolve("anchor");
    }
}
