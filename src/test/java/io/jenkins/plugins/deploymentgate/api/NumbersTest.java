package io.jenkins.plugins.deploymentgate.api;

import static io.jenkins.plugins.deploymentgate.World.ended;
import static io.jenkins.plugins.deploymentgate.World.pipeline;
import static io.jenkins.plugins.deploymentgate.World.protect;
import static io.jenkins.plugins.deploymentgate.World.start;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import hudson.model.FreeStyleProject;
import hudson.model.Item;
import hudson.model.Result;
import hudson.model.User;
import hudson.security.AuthorizationStrategy;
import io.jenkins.plugins.deploymentgate.api.Caller.Answer;
import jenkins.model.Jenkins;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.MockFolder;

/** The numbers of objects in requests. The names below were searched for, because each pair has the same number. */
class NumbersTest extends ApiTestCase {

    private static final String LIST = "/protected_environments";

    private static void assertAmbiguous(long number, Answer answer) {
        assertEquals(409, answer.status(), answer.text());
        assertThat(answer.message(), containsString("Number " + number + " is ambiguous"));
    }

    private static String pathOf(Answer answer) {
        return answer.json().path("path_with_namespace").asText();
    }

    @Test
    void aNumberFollowsItsItem() throws Exception {
        MockFolder folder = j.createFolder("moved");
        folder.createProject(FreeStyleProject.class, "app");
        long before = as("alice").get("/projects/moved%2Fapp").json().path("id").asLong();
        assertEquals(200, as("alice").get("/projects/" + before).status());
        folder.renameTo("moved-away");
        assertEquals(404, as("alice").get("/projects/" + before).status());
        long after =
                as("alice").get("/projects/moved-away%2Fapp").json().path("id").asLong();
        assertNotEquals(before, after);
        assertEquals(200, as("alice").get("/projects/" + after).status());
        j.createFreeStyleProject(String.valueOf(after));
        assertEquals(
                "moved-away/app",
                as("alice")
                        .get("/projects/" + after)
                        .json()
                        .path("path_with_namespace")
                        .asText(),
                "a job cannot take the number of another");
    }

    @Test
    void aNumberOfTwoJobsIsRefusedForAsLongAsBothCanBeRead() throws Exception {
        long number = 4581496687018210L;
        String path = "/projects/" + number;
        j.createFreeStyleProject("job-622fedd");
        assertEquals("job-622fedd", pathOf(as("alice").get(path)));
        FreeStyleProject other = j.createFreeStyleProject("job-a089ac6");
        assertAmbiguous(number, as("alice").get(path));
        assertAmbiguous(number, as("alice").get(path + "/deployments"));
        assertAmbiguous(number, as("root").get(path + LIST));
        assertEquals("job-622fedd", pathOf(as("alice").get("/projects/job-622fedd")));
        AuthorizationStrategy before = j.jenkins.getAuthorizationStrategy();
        j.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.READ)
                .everywhere()
                .toEveryone()
                .grant(Item.READ)
                .onItems(other)
                .toEveryone());
        try {
            assertEquals("job-a089ac6", pathOf(as("alice").get(path)));
        } finally {
            j.jenkins.setAuthorizationStrategy(before);
        }
        other.renameTo("job-renamed");
        assertEquals("job-622fedd", pathOf(as("alice").get(path)));
        other.renameTo("job-a089ac6");
        assertAmbiguous(number, as("alice").get(path));
        other.delete();
        assertEquals("job-622fedd", pathOf(as("alice").get(path)));
    }

    @Test
    void jobsAreFoundByNumberAfterAReloadFromDisk() throws Exception {
        String number = as("alice")
                .get("/projects/" + j.createFreeStyleProject("reloaded").getName())
                .json()
                .path("id")
                .asText();
        j.jenkins.reload();
        assertEquals("reloaded", pathOf(as("alice").get("/projects/" + number)));
    }

    @Test
    void aNumberOfTwoUsersIsRefused() throws Exception {
        long number = 2193973188039488L;
        User.getById("user-1e99c07", true);
        assertEquals(
                "user-1e99c07",
                as("alice").get("/users/" + number).json().path("username").asText());
        String body = "{\"name\": \"users\", \"approvers\": [{\"user_id\": " + number + "}]}";
        assertEquals(201, as("root").post(LIST, body).status());
        User.getById("user-9f07620", true);
        assertAmbiguous(number, as("alice").get("/users/" + number));
        assertAmbiguous(number, as("root").put(LIST + "/users", body));
        assertAmbiguous(number, as("root").post(LIST, body.replace("\"users\"", "\"more users\"")));
        assertEquals(404, as("root").get(LIST + "/more%20users").status());
    }

    @Test
    void aNumberOfTwoGroupsIsRefused() throws Exception {
        long number = 121646607229574L;
        String one = "{\"name\": \"groups\", \"approvers\": [{\"group\": \"group-827a23f\"}]}";
        assertEquals(201, as("root").post(LIST, one).status());
        String byNumber = "{\"approvers\": [{\"group_id\": " + number + "}]}";
        assertEquals(200, as("root").put(LIST + "/groups", byNumber).status());
        String other = "{\"name\": \"more groups\", \"approvers\": [{\"group\": \"group-991e34c\"}]}";
        assertEquals(201, as("root").post(LIST, other).status());
        assertAmbiguous(number, as("root").put(LIST + "/groups", byNumber));
    }

    @Test
    void aNumberOfTwoEnvironmentsIsRefused() throws Exception {
        long number = 5669869443705811L;
        protect("env-4e73e87", 0);
        protect("env-5e1ef1c", 0);
        String path = "/projects/numbers/environments/" + number;
        ended(j, Result.SUCCESS, start(pipeline("numbers", "deploymentGate 'env-4e73e87'"), "alice"));
        assertEquals("env-4e73e87", as("alice").get(path).json().path("name").asText());
        j.jenkins.getItem("numbers").delete();
        ended(
                j,
                Result.SUCCESS,
                start(pipeline("numbers", "deploymentGate 'env-4e73e87'; deploymentGate 'env-5e1ef1c'"), "alice"));
        assertAmbiguous(number, as("alice").get(path));
    }
}
