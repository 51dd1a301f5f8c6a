package io.jenkins.plugins.deploymentgate.api;

import static io.jenkins.plugins.deploymentgate.api.Caller.base64;
import static io.jenkins.plugins.deploymentgate.api.Caller.piece;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.ExtensionList;
import hudson.model.FreeStyleProject;
import hudson.model.User;
import hudson.tasks.UserAvatarResolver;
import io.jenkins.plugins.deploymentgate.api.Caller.Answer;
import io.jenkins.plugins.deploymentgate.api.http.Api;
import io.jenkins.plugins.deploymentgate.api.json.UserJson;
import java.net.URI;
import java.util.List;
import java.util.logging.Level;
import java.util.stream.Stream;
import jenkins.model.Jenkins;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvnet.hudson.test.LogRecorder;
import org.jvnet.hudson.test.MockFolder;

/** How a request reaches the API, who it is taken to be from, and how it is refused. */
class EntryTest extends ApiTestCase {

    private static String whoIs(Caller caller) throws Exception {
        Answer answer = caller.get("/user");
        return answer.status() == 200
                ? answer.json().path("username").asText()
                : answer.status() + " " + answer.message();
    }

    private static void assertError(int status, Answer answer) {
        assertEquals(status, answer.status(), answer.text());
        assertEquals("application/json", answer.header("Content-Type"));
        assertThat(answer.message(), not(""));
        assertThat(answer.text(), not(containsString("<")));
        assertThat(answer.text(), not(containsString("\tat ")));
    }

    @Test
    void everyWayToLogInIsAccepted() throws Exception {
        String token = "alice:" + token("alice");
        assertEquals("alice", whoIs(nobody().with("PRIVATE-TOKEN", token)));
        assertEquals("alice", whoIs(nobody().with("Private-Token", token)));
        assertEquals("alice", whoIs(nobody().with("Authorization", "Bearer " + token)));
        assertEquals("alice", whoIs(nobody().with("Authorization", "bearer " + base64(token))));
        assertEquals("alice", whoIs(nobody().basic("alice", token("alice"))));
        assertEquals("alice", whoIs(nobody().basic("alice", "alice")));
        assertEquals("alice", whoIs(nobody().login("alice")));
        assertEquals(
                "alice", whoIs(nobody().with("PRIVATE-TOKEN", "ALICE:" + token("alice"))), "as the realm compares");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PRIVATE-TOKEN|alice:alice",
                "PRIVATE-TOKEN|alice:",
                "PRIVATE-TOKEN|:x",
                "PRIVATE-TOKEN|",
                "PRIVATE-TOKEN|alice",
                "PRIVATE-TOKEN|nobody-of-that-name:11deadbeef",
                "PRIVATE-TOKEN|anonymous:",
                "PRIVATE-TOKEN|SYSTEM:SYSTEM",
                "Authorization|Bearer alice:alice",
                "Authorization|Bearer YWxpY2U6YWxpY2U=",
                "Authorization|Bearer %%%",
                "Authorization|Bearer ",
                "Authorization|Basic YWxpY2U6d3Jvbmc="
            })
    void whateverIsNoApiTokenIsRefused(String header) throws Exception {
        String[] parts = header.split("\\|", -1);
        Answer answer = nobody().with(parts[0], parts[1]).get("/version");
        assertError(401, answer);
        assertThat(answer.header("WWW-Authenticate"), startsWith("Bearer"));
        assertError(401, nobody().with(parts[0], parts[1]).post("/no/such/address", "{}"));
    }

    @Test
    void aTokenIsJudgedAloneAndLeavesTheSessionAsItIs() throws Exception {
        Caller mallory = nobody().login("mallory");
        assertEquals("alice", whoIs(mallory.with("PRIVATE-TOKEN", "alice:" + token("alice"))));
        assertEquals("mallory", whoIs(mallory), "the session is still hers");
        assertThat(whoIs(mallory.with("PRIVATE-TOKEN", "alice:wrong")), startsWith("401 "));
        assertEquals("mallory", whoIs(mallory));
        Caller anonymous = nobody();
        assertEquals("alice", whoIs(anonymous.with("PRIVATE-TOKEN", "alice:" + token("alice"))));
        assertThat(whoIs(anonymous), startsWith("401 "));
        Answer answer = as("alice").get("/user");
        assertNull(answer.header("Set-Cookie"), "no session is begun");
        assertEquals("no-store", answer.header("Cache-Control"));
    }

    @Test
    void severalTokensAreNone() throws Exception {
        Caller both = as("alice").with("Authorization", "Bearer bob:" + token("bob"));
        assertThat(whoIs(both), containsString("Send one token"));
        assertEquals("alice", whoIs(as("alice").basic("bob", "wrong")), "Basic is not looked at beside it");
    }

    @ParameterizedTest
    @ValueSource(strings = {"private_token", "access_token", "job_token", "private%5ftoken"})
    void tokensInAddressesAreRefusedWithTheReason(String parameter) throws Exception {
        Answer answer = nobody().get("/user?" + parameter + "=alice:" + token("alice"));
        assertError(401, answer);
        assertThat(answer.message(), containsString("Tokens in URLs are not accepted"));
        assertError(401, as("alice").get("/user?a=b&" + parameter + "=x"));
    }

    @Test
    void anonymousPeopleAreAskedToLogInWhateverTheyAskFor() throws Exception {
        j.createFreeStyleProject("hidden-from-nobody");
        Answer there = nobody().get("/projects/hidden-from-nobody");
        Answer notThere = nobody().get("/projects/there-is-none");
        assertError(401, there);
        assertEquals(there.text(), notThere.text());
        assertError(401, nobody().get("/user"));
    }

    @Test
    void whatDoesNotExistIs404AndWhatIsNotAllowedSaysWhatIs() throws Exception {
        Caller alice = as("alice");
        for (String path :
                List.of("", "/", "//", "/no", "/user/", "/user//", "/projects", "/projects/a/b/c", "/../v4/x")) {
            int expected = path.equals("/user/") ? 200 : 404;
            assertEquals(expected, alice.get(path).status(), path);
        }
        assertEquals("404 Not Found", alice.get("/no").json().path("error").asText());
        assertError(404, Caller.at(j.getURL() + "deployment-gate/api/").get(""));
        for (String verb : List.of("POST", "PUT", "DELETE", "PATCH", "OPTIONS")) {
            Answer answer = alice.call(verb, "/user", null, null);
            assertError(405, answer);
            assertEquals("GET, HEAD", answer.header("Allow"));
        }
    }

    @Test
    void headIsGetWithoutABody() throws Exception {
        Answer answer = as("alice").call("HEAD", "/user", null, null);
        assertEquals(200, answer.status());
        assertEquals("", answer.text());
        assertNotEquals("0", answer.header("Content-Length"));
    }

    @Test
    void namesWithSlashesSpacesPercentAndUmlautsArriveAsTheyAre() throws Exception {
        MockFolder folder = j.createFolder("Zürich team");
        MockFolder inner = folder.createProject(MockFolder.class, "(100) シ");
        inner.createProject(FreeStyleProject.class, "a+b");
        String name = "Zürich team/(100) シ/a+b";
        Answer answer = as("alice").get("/projects/" + piece(name));
        assertEquals(200, answer.status(), answer.text());
        assertEquals(name, answer.json().path("path_with_namespace").asText());
        assertEquals("a+b", answer.json().path("path").asText());
        long id = answer.json().path("id").asLong();
        assertTrue(id > 0 && id < 1L << 53, String.valueOf(id));
        assertEquals(answer.json(), as("alice").get("/projects/" + id).json());
        assertError(404, as("alice").get("/projects/" + piece("Zürich team")));
        assertEquals(404, as("eve").get("/projects/" + piece(name)).status());
        assertEquals(404, as("eve").get("/projects/" + id).status());
        assertEquals(
                as("eve").get("/projects/" + piece("none")).text(),
                as("eve").get("/projects/" + id).text());
        assertError(400, as("alice").get("/users?username=%ff"));
    }

    @Test
    void usersAreFoundByNumberAndByName() throws Exception {
        User.getById("bob", true).setFullName("Bob <b>");
        Answer self = as("bob").get("/user");
        long id = self.json().path("id").asLong();
        assertEquals("""
            {"id":%d,"name":"Bob <b>","username":"bob","state":"active","avatar_url":null,\
            "web_url":"%sdeployment-gate/user/bob"}\
            """.formatted(id, j.getURL()), self.text());
        assertEquals(self.json(), as("alice").get("/users/" + id).json());
        assertEquals(self.json(), as("alice").get("/users?username=bob").json().path(0));
        assertEquals("[]", as("alice").get("/users?username=nobody-there").text());
        assertError(404, as("alice").get("/users/1"));
        assertError(404, as("alice").get("/users/bob"));
        Answer page = as("root").get("/users?per_page=1&page=2");
        assertEquals(1, page.json().size());
        assertEquals("2", page.header("X-Page"));
        assertThat(page.header("Link"), containsString("/v4/users?per_page=1&page=1>; rel=\"prev\""));
        assertError(400, as("root").get("/users?page=0"));
        assertError(400, as("root").get("/users?per_page=many"));
    }

    @Test
    void onlyAdministratorsListAllUsers() throws Exception {
        Answer refused = as("alice").get("/users");
        assertError(403, refused);
        assertThat(refused.message(), containsString("Overall/Administer"));
        assertError(403, as("alice").get("/users?username="));
        assertEquals(200, as("root").get("/users").status());
    }

    @Test
    void theAddressOfAUserLeadsToTheirPage() throws Exception {
        User user = User.getById("strange/id with %", true);
        String address = as("alice")
                .get("/users/" + UserJson.number(user.getId()))
                .json()
                .path("web_url")
                .asText();
        assertThat(address, startsWith(j.getURL() + "deployment-gate/"));
        Answer redirect = as("alice").open(address);
        assertEquals(302, redirect.status());
        String page = URI.create(address).resolve(redirect.header("Location")).toString();
        assertEquals(j.getURL() + user.getUrl(), page);
        assertEquals(200, nobody().login("alice").open(page + "/").status());
        Answer foreign = nobody().open(j.getURL() + "deployment-gate/user//evil.example.com");
        assertThat(foreign.header("Location"), startsWith("/jenkins/user/"));
    }

    @ParameterizedTest
    @MethodSource
    void whateverIsThrownIsAnsweredInJsonWithAReference(Runnable failure) throws Exception {
        UserAvatarResolver broken = new UserAvatarResolver() {
            @Override
            public String findAvatarFor(User user, int width, int height) {
                failure.run();
                return null;
            }
        };
        ExtensionList<UserAvatarResolver> resolvers = ExtensionList.lookup(UserAvatarResolver.class);
        resolvers.add(broken);
        try (LogRecorder log =
                new LogRecorder().record(Api.class, Level.WARNING).capture(1)) {
            Answer answer = as("alice").get("/user");
            assertError(500, answer);
            assertThat(
                    log.getMessages().toString(),
                    containsString(answer.json().path("reference").asText()));
        } finally {
            resolvers.remove(broken);
        }
    }

    static Stream<Named<Runnable>> whateverIsThrownIsAnsweredInJsonWithAReference() {
        return Stream.of(
                Named.of("a class that is missing", () -> {
                    throw new NoClassDefFoundError("not/there");
                }),
                Named.of("an endless recursion", EntryTest::recurse),
                Named.of("an exception", () -> {
                    throw new IllegalStateException("broken on purpose");
                }));
    }

    private static void recurse() {
        recurse();
    }

    @Test
    void aNameThatIsNoUnicodeIsShownAsFarAsItIs() throws Exception {
        User carol = User.getById("carol", true);
        String before = carol.getFullName();
        Caller caller = as("carol");
        carol.setFullName("Carol \ud83d");
        try {
            assertEquals("Carol ?", caller.get("/user").json().path("name").asText());
        } finally {
            carol.setFullName(before);
        }
    }

    @Test
    void theVersionIsThatOfJenkins() throws Exception {
        Answer version = as("eve").get("/version");
        assertEquals(Jenkins.VERSION, version.json().path("version").asText());
        assertTrue(version.json().has("revision"));
        assertEquals(false, as("eve").get("/metadata").json().path("enterprise").asBoolean(true));
    }
}
