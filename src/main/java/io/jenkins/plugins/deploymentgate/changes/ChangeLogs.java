package io.jenkins.plugins.deploymentgate.changes;

import hudson.ExtensionList;
import hudson.Util;
import hudson.model.Run;
import hudson.model.User;
import hudson.scm.ChangeLogSet;
import hudson.scm.RepositoryBrowser;
import java.io.IOException;
import java.net.URL;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Reads the change logs of builds, as shown to people. A change that is in two logs is read once. */
final class ChangeLogs {

    private static final Logger LOGGER = Logger.getLogger(ChangeLogs.class.getName());

    private final Set<String> known = new HashSet<>();
    private int remaining;
    private boolean cut;

    private ChangeLogs(int most) {
        this.remaining = most;
    }

    static ChangeList read(ChangeWalk.Found found, int most) {
        ChangeLogs logs = new ChangeLogs(most);
        List<ChangesOfBuild> builds = new ArrayList<>();
        for (ChangeRange range : found.ranges()) {
            for (int at = range.builds().size() - 1; at >= 0; at--) {
                Run<?, ?> build = range.builds().get(at);
                List<Change> changes = logs.read(build);
                if (!changes.isEmpty()) {
                    builds.add(new ChangesOfBuild(
                            build.getParent().getFullName(),
                            build.getFullDisplayName(),
                            build.getUrl(),
                            build.getTimestamp().toInstant(),
                            changes));
                }
            }
        }
        return new ChangeList(builds, found.complete(), logs.cut);
    }

    /** Plugins order their logs differently, and the times of changes have a precision of a second at best. */
    private static List<ChangeLogSet.Entry> latestFirst(ChangeLogSet<?> log) {
        List<ChangeLogSet.Entry> entries = new ArrayList<>();
        log.forEach(entries::add);
        if (!entries.isEmpty()
                && entries.get(0).getTimestamp()
                        <= entries.get(entries.size() - 1).getTimestamp()) {
            Collections.reverse(entries);
        }
        return entries;
    }

    private List<Change> read(Run<?, ?> build) {
        List<Change> changes = new ArrayList<>();
        for (ChangeLogSet<?> log : ChangeSource.logs(build)) {
            for (ChangeLogSet.Entry entry : latestFirst(log)) {
                String id = Util.fixNull(entry.getCommitId());
                if (!id.isEmpty() && !known.add(id)) {
                    continue;
                }
                if (remaining == 0) {
                    cut = true;
                    return changes;
                }
                remaining--;
                changes.add(new Change(
                        id, Util.fixNull(entry.getMsg()), author(build, log, entry), at(entry), link(log, entry)));
            }
        }
        return changes;
    }

    private static String author(Run<?, ?> build, ChangeLogSet<?> log, ChangeLogSet.Entry entry) {
        return ExtensionList.lookup(ChangeSource.class).stream()
                .filter(source -> source.reads(log))
                .findFirst()
                .map(source -> source.nameOfAuthor(entry))
                .orElseGet(() -> ChangeLogAuthors.user(build, entry)
                        .map(User::getFullName)
                        .orElse(""));
    }

    private static Optional<Instant> at(ChangeLogSet.Entry entry) {
        return entry.getTimestamp() > 0 ? Optional.of(Instant.ofEpochMilli(entry.getTimestamp())) : Optional.empty();
    }

    @SuppressWarnings("unchecked")
    private static String link(ChangeLogSet<?> log, ChangeLogSet.Entry entry) {
        RepositoryBrowser<ChangeLogSet.Entry> browser = (RepositoryBrowser<ChangeLogSet.Entry>) log.getBrowser();
        if (browser == null) {
            return "";
        }
        try {
            URL link = browser.getChangeSetLink(entry);
            return link == null ? "" : link.toString();
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "No repository browser shows change " + entry.getCommitId());
            return "";
        }
    }
}
