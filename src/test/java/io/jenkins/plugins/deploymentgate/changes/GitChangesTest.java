package io.jenkins.plugins.deploymentgate.changes;

import static io.jenkins.plugins.deploymentgate.World.ended;
import static io.jenkins.plugins.deploymentgate.World.pipeline;
import static io.jenkins.plugins.deploymentgate.World.protect;
import static io.jenkins.plugins.deploymentgate.World.start;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import hudson.model.Result;
import hudson.model.User;
import hudson.plugins.git.GitSCM;
import hudson.tasks.Mailer;
import io.jenkins.plugins.deploymentgate.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Whom Git commits mean, and what their change logs leave out. */
@WithJenkins
class GitChangesTest {

    private static final String ALICE = "alice <alice@example.org>";
    private static final String BOB = "bob <bob@example.org>";

    private static JenkinsRule j;

    @TempDir
    private static Path repositories;

    private GitRepository repository;
    private WorkflowJob job;

    @BeforeAll
    static void startJenkins(JenkinsRule rule) throws Exception {
        j = rule;
        World.people(j);
        User.getById("alice", true).save();
        User.getById("bob", true).save();
        User zoe = User.getById("zz", true);
        zoe.setFullName("Zoe Zimmer");
        zoe.addProperty(new Mailer.UserProperty("zoe.zimmer@example.org"));
    }

    @BeforeEach
    void deployOnce() throws Exception {
        protect("production", 0);
        repository = new GitRepository(repositories).commit(ALICE);
        job = pipeline("git-" + System.nanoTime(), "");
        changes(repository.checkout());
    }

    /** The changes of the next build, which checks these out and is deployed. */
    private Found changes(String... checkouts) throws Exception {
        String script = "node { %s }\ndeploymentGate 'production'".formatted(String.join("\n", checkouts));
        job.setDefinition(new CpsFlowDefinition(script, true));
        return Found.of(ChangeAuthors.of(ended(j, Result.SUCCESS, start(job, null)), "production"));
    }

    /** Adds a change log to a build. */
    private static void addLog(WorkflowRun build, String text) throws IOException {
        Files.writeString(build.getRootDir().toPath().resolve("changelog0815.xml"), text);
    }

    /** What was found, whatever the changes are called. */
    private record Found(Set<String> authors, boolean complete) {

        static Found of(Changes changes) {
            return new Found(changes.authors(), changes.complete());
        }
    }

    private static Found complete(String... authors) {
        return new Found(Set.of(authors), true);
    }

    private static Found incomplete(String... authors) {
        return new Found(Set.of(authors), false);
    }

    @Test
    void theAuthorAndTheCommitterBothCount() throws Exception {
        repository.commit(ALICE, BOB);
        assertEquals(complete("alice", "bob"), changes(repository.checkout()));
    }

    @Test
    void aCommitMeansWhoeverHasItsAddress() throws Exception {
        repository.commit("Someone <Zoe.Zimmer@example.org>");
        assertEquals(complete("zz"), changes(repository.checkout()));
    }

    @Test
    void aCommitOfEachAuthorIsNamed() throws Exception {
        repository.commit(ALICE, BOB);
        changes(repository.checkout());
        Map<String, String> changeOf =
                ChangeAuthors.of(job.getLastBuild(), "staging").changeOf();
        assertEquals(Map.of("alice", repository.head(), "bob", repository.head()), changeOf);
    }

    @Test
    void aCommitMeansWhoeverHasItsName() throws Exception {
        repository.commit("Zoe Zimmer <zoe@elsewhere.example>");
        assertEquals(complete("zz"), changes(repository.checkout()));
    }

    @Test
    void aCommitMeansWhoeverHasTheIdBeforeTheAt() throws Exception {
        repository.commit("Alice Aldridge <Alice@elsewhere.example>");
        assertEquals(complete("alice"), changes(repository.checkout()));
    }

    @Test
    void theIdBeforeTheAtMeansNobodyWhoseAddressHasAnotherDomain() throws Exception {
        repository.commit("Zoe Elsewhere <zz@elsewhere.example>");
        assertEquals(complete("zz@elsewhere.example"), changes(repository.checkout()));
        repository.commit("Zoe Here <ZZ@Example.org>");
        assertEquals(complete("zz"), changes(repository.checkout()));
    }

    @Test
    void anAddressThatHidesTheRealOneMeansTheUserInIt() throws Exception {
        for (String address : List.of(
                "583231+zz@users.noreply.github.com",
                "zz@users.noreply.github.com",
                "4711-zz@users.noreply.gitlab.com")) {
            repository.commit("Someone Else <" + address + ">");
            assertEquals(complete("zz"), changes(repository.checkout()), address);
        }
        repository.commit("Someone Else <583231+nina@users.noreply.github.com>");
        assertEquals(
                complete("nina", "583231+nina@users.noreply.github.com"),
                changes(repository.checkout()),
                "not yet here");
    }

    @Test
    void whoeverFitsByNameAndWhoeverFitsByAddressBothCount() throws Exception {
        repository.commit("bob <zoe.zimmer@example.org>");
        assertEquals(complete("bob", "zz"), changes(repository.checkout()));
    }

    @Test
    void whoeverWasNeverHereIsKnownByWhatTheyMayLogInWith() throws Exception {
        repository.commit("Nina New <nina.new@example.org>");
        assertEquals(complete("nina.new", "nina.new@example.org"), changes(repository.checkout()));
        assertNull(User.getById("nina.new", false), "nobody was made up");
    }

    @Test
    void aCommitOfNobodyIsTold() throws Exception {
        repository.commit("! <>");
        assertEquals(complete("!"), changes(repository.checkout()));
        assertEquals(Set.of(), new KnownUsers().meantBy("", ""));
    }

    @Test
    void severalRepositoriesCount() throws Exception {
        GitRepository second = new GitRepository(repositories).commit(BOB);
        repository.commit(ALICE);
        assertEquals(
                incomplete("alice"),
                changes(repository.checkout(), second.checkout()),
                "the second was not there before");
        repository.commit(ALICE);
        second.commit(BOB);
        assertEquals(complete("alice", "bob"), changes(repository.checkout(), second.checkout()));
        second.commit(BOB);
        assertEquals(complete("bob"), changes(repository.checkout(), second.checkout()));
    }

    @Test
    void aCheckoutWithoutAChangeLogIsTold() throws Exception {
        repository.commit(BOB);
        assertEquals(incomplete(), changes(repository.checkout("main", false)));
        assertEquals(complete(), changes(repository.checkout("main", false)), "the same revision");
    }

    @Test
    void aBranchThatIsBuiltForTheFirstTimeIsTold() throws Exception {
        repository.git("checkout", "--quiet", "-b", "feature").commit(BOB);
        assertEquals(incomplete(), changes(repository.checkout("feature", true)));
    }

    @Test
    void aHistoryThatWasRewrittenBringsItsNewCommits() throws Exception {
        repository.git("checkout", "--quiet", "--orphan", "other").commit(BOB);
        repository.git("branch", "--force", "main", "other");
        assertEquals(complete("bob"), changes(repository.checkout()));
    }

    @Test
    void aMergeBringsTheCommitsThatItMerges() throws Exception {
        repository.git("checkout", "--quiet", "-b", "topic").commit(BOB);
        repository.git("checkout", "--quiet", "main").git("merge", "--quiet", "--no-ff", "--no-edit", "topic");
        assertEquals(complete("bob"), changes(repository.checkout()));
    }

    @Test
    void aMergeAloneIsInNoChangeLog() throws Exception {
        repository.git("checkout", "--quiet", "-b", "topic").commit(BOB);
        repository.git("checkout", "--quiet", "main").git("merge", "--quiet", "--ff-only", "topic");
        assertEquals(complete("bob"), changes(repository.checkout()));
        repository.git("reset", "--quiet", "--hard", "HEAD^").git("merge", "--quiet", "--no-ff", "--no-edit", "topic");
        assertEquals(incomplete(), changes(repository.checkout()));
    }

    @Test
    void aChangeLogThatTheGitPluginHasCutOffIsTold() throws Exception {
        changes(repository.checkout());
        String bob = IntStream.range(0, GitSCM.MAX_CHANGELOG)
                .mapToObj("""
                    commit %040x
                    author bob <bob@example.org> 2026-01-01 12:00:00 +0000
                    committer bob <bob@example.org> 2026-01-01 12:00:00 +0000
                    """::formatted)
                .collect(Collectors.joining());
        addLog(job.getLastBuild(), bob);
        assertEquals(incomplete("bob"), Found.of(ChangeAuthors.of(job.getLastBuild(), "production")));
    }

    @Test
    void theChangeLogOfAnotherSourceIsNotTakenForOne() throws Exception {
        changes(repository.checkout());
        addLog(job.getLastBuild(), """
            <?xml version="1.0"?>
            <log><msg>
            commit early
            author bob
            </msg></log>
            """);
        assertEquals(complete(), Found.of(ChangeAuthors.of(job.getLastBuild(), "production")));
    }
}
