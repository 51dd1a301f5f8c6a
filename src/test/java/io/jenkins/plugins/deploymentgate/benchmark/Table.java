package io.jenkins.plugins.deploymentgate.benchmark;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A table in Markdown, so that what is printed can be put into the documentation as it is. */
final class Table {

    private final List<List<String>> rows = new ArrayList<>();

    Table(String... head) {
        row(head);
        rows.add(Collections.nCopies(head.length, ""));
    }

    void row(String... cells) {
        rows.add(List.of(cells));
    }

    /** @return a number with so many digits behind the point as a reader can make use of */
    static String number(double value) {
        double size = Math.abs(value);
        return String.format(Locale.ROOT, size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : "%.2f", value);
    }

    /** @return how many times the yardstick it is; a dash if the yardstick is next to nothing */
    static String ratio(double value, double yardstick) {
        return yardstick < 1e-9 ? "–" : String.format(Locale.ROOT, "%.2f", value / yardstick);
    }

    void print() {
        System.out.println(this);
    }

    @Override
    public String toString() {
        int[] widths = IntStream.range(0, rows.get(0).size())
                .map(column -> rows.stream()
                        .mapToInt(row -> row.get(column).length())
                        .max()
                        .orElse(0))
                .toArray();
        return IntStream.range(0, rows.size())
                .mapToObj(line -> IntStream.range(0, widths.length)
                        .mapToObj(column -> cell(line, column, widths[column]))
                        .collect(Collectors.joining(" | ", "| ", " |")))
                .collect(Collectors.joining("\n"));
    }

    /** Names stand to the left, numbers to the right. */
    private String cell(int line, int column, int width) {
        String text = rows.get(line).get(column);
        if (line == 1) {
            return column == 0 ? "-".repeat(width) : "-".repeat(width - 1) + ":";
        }
        String space = " ".repeat(width - text.length());
        return column == 0 ? text + space : space + text;
    }
}
