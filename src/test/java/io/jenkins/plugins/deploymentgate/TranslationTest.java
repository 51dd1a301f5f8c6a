package io.jenkins.plugins.deploymentgate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.MessageFormat;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The German texts are complete: each text has one, with the same arguments, and none is left over. The messages of the
 * REST API are English alone, because programs read them.
 */
class TranslationTest {

    private static final Path ROOT = Path.of("src/main/resources");
    private static final String GERMAN = "_de";
    private static final Pattern TEXT_IN_VIEW = Pattern.compile("\\$\\{%([^}(]*)[(}]");
    private static final Pattern ARGUMENT = Pattern.compile("\\{(\\d)");

    private static List<Path> files(Predicate<String> name) throws IOException {
        try (Stream<Path> files = Files.walk(ROOT)) {
            return files.filter(file -> name.test(String.valueOf(file.getFileName())))
                    .filter(file -> !file.toString().contains("/api/"))
                    .sorted()
                    .toList();
        }
    }

    private static Path beside(Path file, String end, String other) {
        String name = String.valueOf(file.getFileName());
        return file.resolveSibling(name.substring(0, name.length() - end.length()) + other);
    }

    private static Properties load(Path file) throws IOException {
        Properties texts = new Properties();
        if (Files.exists(file)) {
            try (Reader reader = Files.newBufferedReader(file)) {
                texts.load(reader);
            }
        }
        return texts;
    }

    /** The keys that a view uses, also those that are their own English text. */
    private static Set<String> keysIn(Path view) throws IOException {
        return TEXT_IN_VIEW
                .matcher(Files.readString(view))
                .results()
                .map(result -> result.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void everyTextHasAGermanOneAndNoneIsLeftOver() throws IOException {
        Set<Path> bundles = new LinkedHashSet<>();
        files(name -> name.endsWith(".properties") && !name.endsWith(GERMAN + ".properties")).stream()
                .map(file -> beside(file, ".properties", ""))
                .forEach(bundles::add);
        List<Path> views = files(name -> name.endsWith(".jelly")).stream()
                .filter(view -> !keysInOrNone(view).isEmpty())
                .map(view -> beside(view, ".jelly", ""))
                .toList();
        bundles.addAll(views);
        List<String> problems = new ArrayList<>();
        for (Path bundle : bundles) {
            Set<String> keys =
                    new TreeSet<>(load(beside(bundle, "", ".properties")).stringPropertyNames());
            if (views.contains(bundle)) {
                keys.addAll(keysIn(beside(bundle, "", ".jelly")));
            }
            Set<String> german = new TreeSet<>(
                    load(beside(bundle, "", GERMAN + ".properties")).stringPropertyNames());
            if (!keys.equals(german)) {
                problems.add(bundle + ": has " + german + ", and needs " + keys);
            }
        }
        assertEquals(List.of(), problems);
        files(name -> name.endsWith(GERMAN + ".properties"))
                .forEach(file -> assertEquals(
                        true,
                        bundles.contains(beside(file, GERMAN + ".properties", "")),
                        file + " belongs to nothing"));
    }

    private static Set<String> keysInOrNone(Path view) {
        try {
            return keysIn(view);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aGermanTextHasTheArgumentsOfTheEnglishOne() throws IOException {
        for (Path file : files(name -> name.endsWith(GERMAN + ".properties"))) {
            Properties english = load(beside(file, GERMAN + ".properties", ".properties"));
            Properties german = load(file);
            for (String key : german.stringPropertyNames()) {
                String text = german.getProperty(key);
                assertEquals(
                        arguments(english.getProperty(key, "")), arguments(text), () -> file + ": " + key + "=" + text);
                assertEquals(false, text.isBlank(), () -> file + ": " + key);
                assertEquals(false, text.contains("'"), () -> file + ": an apostrophe quotes what follows: " + key);
                new MessageFormat(text, Locale.GERMAN);
            }
        }
    }

    private static Set<String> arguments(String text) {
        return ARGUMENT.matcher(text).results().map(MatchResult::group).collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void everyHelpIsThereInGerman() throws IOException {
        assertEquals(
                List.of(),
                files(name -> name.startsWith("help") && name.endsWith(".html") && !name.endsWith(GERMAN + ".html"))
                        .stream()
                        .filter(file -> !Files.exists(beside(file, ".html", GERMAN + ".html")))
                        .toList());
    }
}
