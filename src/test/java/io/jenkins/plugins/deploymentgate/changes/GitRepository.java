package io.jenkins.plugins.deploymentgate.changes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import hudson.plugins.git.GitSCM;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A Git repository on this machine, with commits by whomever the test says. */
public final class GitRepository {

    private static final String NOBODY = "Nobody <nobody@example.org>";

    private final Path directory;
    private int commits;

    /** Makes an empty one whose branch is {@code main}. */
    public GitRepository(Path parent) throws IOException, InterruptedException {
        GitSCM.ALLOW_LOCAL_CHECKOUT = true;
        directory = Files.createTempDirectory(parent, "repository");
        git("init", "--quiet", "--initial-branch=main");
    }

    /** A commit of one new file. */
    public GitRepository commit(String author) throws IOException, InterruptedException {
        return commit(author, author);
    }

    /** A commit of one new file that somebody else has committed; both as {@code Name <address>}. */
    public GitRepository commit(String author, String committer) throws IOException, InterruptedException {
        return commit(author, committer, "Change " + (commits + 1));
    }

    /** A commit of one new file, with a message. */
    public GitRepository commit(String author, String committer, String message)
            throws IOException, InterruptedException {
        commits++;
        Files.writeString(directory.resolve("file-" + commits + "-" + System.nanoTime()), author);
        gitAs(author, committer, "add", ".");
        gitAs(author, committer, "commit", "--quiet", "--message", message);
        return this;
    }

    /** Writes a file, which the next commit has. */
    public GitRepository file(String name, String content) throws IOException {
        Files.writeString(directory.resolve(name), content);
        return this;
    }

    /** The address of this. */
    public String url() {
        return directory.toUri().toString();
    }

    /** Runs git as nobody in particular. */
    public GitRepository git(String... arguments) throws IOException, InterruptedException {
        return gitAs(NOBODY, NOBODY, arguments);
    }

    private GitRepository gitAs(String author, String committer, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("git", "-c", "commit.gpgSign=false"));
        command.addAll(List.of(arguments));
        ProcessBuilder git =
                new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
        git.environment()
                .putAll(Map.of(
                        "GIT_AUTHOR_NAME", name(author),
                        "GIT_AUTHOR_EMAIL", address(author),
                        "GIT_COMMITTER_NAME", name(committer),
                        "GIT_COMMITTER_EMAIL", address(committer)));
        Process process = git.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        return this;
    }

    /** The id of the last commit. */
    public String head() throws IOException {
        return Files.readString(directory.resolve(".git/refs/heads/main")).strip();
    }

    /** Where the objects and branches are. */
    public Path gitDirectory() {
        return directory.resolve(".git");
    }

    /** The step that checks this out, into a directory of its own. */
    public String checkout() {
        return checkout("main", true);
    }

    /** The step that checks out a branch of this. */
    public String checkout(String branch, boolean changelog) {
        return """
            dir('%s') {
              checkout changelog: %s, scm: scmGit(branches: [[name: '%s']], userRemoteConfigs: [[url: '%s']])
            }
            """.formatted(directory.getFileName(), changelog, branch, url());
    }

    private static String name(String person) {
        return person.substring(0, person.indexOf('<')).strip();
    }

    private static String address(String person) {
        return person.substring(person.indexOf('<') + 1, person.indexOf('>'));
    }
}
