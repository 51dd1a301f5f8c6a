package io.jenkins.plugins.deploymentgate.changes;

import hudson.model.Run;
import hudson.plugins.git.GitChangeLogParser;
import hudson.plugins.git.GitChangeSet;
import hudson.plugins.git.GitChangeSetList;
import hudson.plugins.git.GitSCM;
import hudson.plugins.git.Revision;
import hudson.plugins.git.util.BuildData;
import hudson.scm.ChangeLogSet;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jenkinsci.plugins.gitclient.GitClient;
import org.jenkinsci.plugins.variant.OptionalExtension;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Finds the authors and committers of Git commits. The Git plugin's API gives only one of the two, by default the committer, so
 * this reads the change logs in the directory of the build with that plugin's parser. They are there also after a job was
 * renamed, when a pipeline no longer finds its own.
 *
 * <p>A revision that was checked out without a change log makes the changes incomplete: the repository or the branch was
 * built for the first time, its history was rewritten, or the checkout was told to make none.
 */
@OptionalExtension(requirePlugins = {"git", "mailer"})
@Restricted(NoExternalUse.class)
public class GitChanges extends ChangeSource {

    private static final Logger LOGGER = Logger.getLogger(GitChanges.class.getName());
    private static final Pattern FILE_NAME = Pattern.compile("changelog[0-9]*\\.xml");
    private static final Pattern COMMIT_ID = Pattern.compile("[0-9a-f]{40,64}");

    @Override
    public boolean reads(ChangeLogSet<?> log) {
        return log instanceof GitChangeSetList;
    }

    @Override
    public Changes of(ChangeRange range) {
        KnownUsers users = new KnownUsers();
        Set<String> explained = new HashSet<>();
        range.before().ifPresent(deployed -> explained.addAll(revisions(deployed)));
        Changes found = Changes.NONE;
        for (Run<?, ?> build : range.builds()) {
            try {
                List<Log> logs = read(build);
                found = found.and(people(build, logs, users)).and(gaps(build, logs, explained));
            } catch (IOException e) {
                LOGGER.log(Level.WARNING, e, () -> "Cannot read the change logs of " + build);
                found = found.and(Changes.UNKNOWN);
            }
        }
        return found;
    }

    @Override
    public String nameOfAuthor(ChangeLogSet.Entry entry) {
        return entry instanceof GitChangeSet commit ? Objects.toString(commit.getAuthorName(), "") : "";
    }

    private static List<Log> read(Run<?, ?> build) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(build.getRootDir().toPath())) {
            files = all.filter(file -> FILE_NAME
                            .matcher(String.valueOf(file.getFileName()))
                            .matches())
                    .toList();
        }
        Set<Log> logs = new HashSet<>();
        for (Path file : files) {
            Log log = new Log(read(file, true), read(file, false));
            if (!log.ids().isEmpty()) {
                logs.add(log);
            }
        }
        return List.copyOf(logs);
    }

    private static List<GitChangeSet> read(Path file, boolean authors) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            // The log of another SCM can have lines that look like those of a commit, but not such an id.
            return new GitChangeLogParser((GitClient) null, authors)
                    .parse(in).stream()
                            .filter(commit -> commit.getCommitId() != null
                                    && COMMIT_ID.matcher(commit.getCommitId()).matches())
                            .toList();
        }
    }

    private static Changes people(Run<?, ?> build, List<Log> logs, KnownUsers users) {
        Changes found = logs.stream()
                .flatMap(log -> Stream.concat(log.byAuthor().stream(), log.byCommitter().stream()))
                .map(commit -> person(commit, users))
                .reduce(Changes.NONE, Changes::and);
        Set<String> read = logs.stream().flatMap(log -> log.ids().stream()).collect(Collectors.toSet());
        Stream<GitChangeSet> unread = logs(build).stream()
                .filter(GitChangeSetList.class::isInstance)
                .flatMap(log -> ((GitChangeSetList) log).getLogs().stream())
                .filter(commit -> !read.contains(commit.getCommitId()));
        return found.and(
                unread.map(commit -> person(commit, users).and(Changes.UNKNOWN)).reduce(Changes.NONE, Changes::and));
    }

    private static Changes person(GitChangeSet commit, KnownUsers users) {
        Set<String> people = users.meantBy(
                Objects.toString(commit.getAuthorName(), ""), Objects.toString(commit.getAuthorEmail(), ""));
        return Changes.by(people, Objects.toString(commit.getCommitId(), ""));
    }

    /**
     * A revision is explained if it was deployed before or is in a change log. Merge commits are in no change log, so a log
     * without any revision of the build can belong to one merge.
     */
    private static Changes gaps(Run<?, ?> build, List<Log> logs, Set<String> explained) {
        Set<String> revisions = revisions(build);
        logs.forEach(log -> explained.addAll(log.ids()));
        long unexplained =
                revisions.stream().filter(id -> !explained.contains(id)).count();
        long ofMerges = logs.stream()
                .filter(log -> log.ids().stream().noneMatch(revisions::contains))
                .count();
        boolean cutOff = logs.stream().anyMatch(log -> log.ids().size() >= GitSCM.MAX_CHANGELOG);
        explained.addAll(revisions);
        return cutOff || unexplained > ofMerges ? Changes.UNKNOWN : Changes.NONE;
    }

    private static Set<String> revisions(Run<?, ?> build) {
        return build.getActions(BuildData.class).stream()
                .map(BuildData::getLastBuiltRevision)
                .filter(Objects::nonNull)
                .map(Revision::getSha1String)
                .collect(Collectors.toSet());
    }

    /** One change log, read for the authors and for the committers. */
    private record Log(List<GitChangeSet> byAuthor, List<GitChangeSet> byCommitter) {

        Set<String> ids() {
            return byAuthor.stream().map(GitChangeSet::getCommitId).collect(Collectors.toSet());
        }
    }
}
