package io.jenkins.plugins.deploymentgate.api;

import static io.jenkins.plugins.deploymentgate.api.Caller.base64;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;

import hudson.ExtensionList;
import hudson.security.ACLContext;
import hudson.security.AbstractPasswordBasedSecurityRealm;
import hudson.security.GroupDetails;
import hudson.security.SecurityRealm;
import io.jenkins.plugins.deploymentgate.World;
import io.jenkins.plugins.deploymentgate.api.Caller.Answer;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.List;
import jenkins.security.SecurityListener;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.core.userdetails.UserDetails;

/** API tokens beside the Bearer tokens of a plugin, and the security events of both. */
class ForeignTokenTest extends ApiTestCase {

    private static final Events EVENTS = new Events();
    private static final String VOTE = "/projects/none/deployments/1/approval";

    /** The form of OAuth, a random one that decodes to a colon, and one that has the form of a user and password. */
    private static final List<String> TOKENS = List.of("opaque.token", base64("\001\002:\003"), base64("carol:carol"));

    private static SecurityRealm before;

    @BeforeAll
    static void acceptBearerTokens() {
        before = j.jenkins.getSecurityRealm();
        j.jenkins.setSecurityRealm(new BearerRealm());
        ExtensionList.lookup(SecurityListener.class).add(EVENTS);
    }

    @AfterAll
    static void restore() {
        ExtensionList.lookup(SecurityListener.class).remove(EVENTS);
        j.jenkins.setSecurityRealm(before);
    }

    /** Passwords are the IDs. Its filter authenticates carol by the tokens above, as plugins for OAuth do. */
    private static final class BearerRealm extends AbstractPasswordBasedSecurityRealm {

        @Override
        protected UserDetails authenticate2(String username, String password) {
            if (!username.equals(password)) {
                throw new BadCredentialsException(username);
            }
            return loadUserByUsername2(username);
        }

        @Override
        public UserDetails loadUserByUsername2(String username) {
            return new org.springframework.security.core.userdetails.User(
                    username, "", List.of(SecurityRealm.AUTHENTICATED_AUTHORITY2));
        }

        @Override
        public GroupDetails loadGroupByGroupname2(String group, boolean fetchMembers) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Filter createFilter(FilterConfig config) {
            Filter core = super.createFilter(config);
            return (request, response, chain) -> core.doFilter(request, response, (rq, rs) -> {
                String header = ((HttpServletRequest) rq).getHeader("Authorization");
                if (header != null && TOKENS.contains(header.replaceFirst("Bearer ", ""))) {
                    try (ACLContext ignored = World.actingAs("carol")) {
                        chain.doFilter(rq, rs);
                    }
                } else {
                    chain.doFilter(rq, rs);
                }
            });
        }
    }

    private static final class Events extends SecurityListener {

        private final List<String> all = new ArrayList<>();

        @Override
        protected synchronized void authenticated2(UserDetails details) {
            all.add("authenticated " + details.getUsername() + " " + details.getAuthorities());
        }

        @Override
        protected synchronized void failedToAuthenticate(String username) {
            all.add("failed to authenticate " + username);
        }

        @Override
        protected synchronized void loggedIn(String username) {
            all.add("logged in " + username);
        }

        @Override
        protected synchronized void failedToLogIn(String username) {
            all.add("failed to log in " + username);
        }

        /** @return the events of one request */
        List<String> during(Caller caller) throws Exception {
            synchronized (this) {
                all.clear();
            }
            caller.get("/user");
            synchronized (this) {
                return List.copyOf(all);
            }
        }
    }

    private static Caller bearer(String token) throws Exception {
        return nobody().with("Authorization", "Bearer " + token);
    }

    private static String whoIs(Caller caller) throws Exception {
        Answer answer = caller.get("/user");
        return answer.status() == 200 ? answer.json().path("username").asText() : String.valueOf(answer.status());
    }

    @Test
    void aBearerTokenOfAnotherFormIsLeftToWhoeverKnowsIt() throws Exception {
        for (String token : TOKENS) {
            assertEquals("carol", whoIs(bearer(token)), token);
        }
        assertEquals("alice", whoIs(bearer("alice:" + token("alice"))));
        assertEquals("alice", whoIs(bearer("opaque.token").with("PRIVATE-TOKEN", "alice:" + token("alice"))));
        assertEquals("401", whoIs(bearer("opaque.token").with("PRIVATE-TOKEN", "alice:wrong")));
    }

    @Test
    void aBearerTokenThatNobodyKnowsIsRefused() throws Exception {
        Answer answer = bearer("unknown.token").get("/version");
        assertEquals(401, answer.status());
        assertThat(answer.message(), containsString("Bearer"));
        assertEquals("mallory", whoIs(nobody().login("mallory").with("Authorization", "Bearer unknown.token")));
    }

    @Test
    void aRequestWithABearerTokenNeedsACrumbOnlyIfItHasCookiesToo() throws Exception {
        assertEquals(404, bearer("opaque.token").post(VOTE, "{}").status());
        Answer refused = nobody().login("mallory")
                .with("Authorization", "Bearer unknown.token")
                .post(VOTE, "{}");
        assertEquals(403, refused.status());
        assertThat(refused.message(), containsString("crumb"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"alice", "ALICE", "nobody-of-that-name"})
    void theSecurityEventsAreThoseOfCore(String id) throws Exception {
        for (String token : List.of(token("alice"), "11" + "0".repeat(32))) {
            List<String> expected = EVENTS.during(nobody().basic(id, token));
            assertThat(expected, not(List.of()));
            assertEquals(expected, EVENTS.during(nobody().with("PRIVATE-TOKEN", id + ":" + token)));
            assertEquals(expected, EVENTS.during(bearer(id + ":" + token)));
            assertEquals(expected, EVENTS.during(bearer(base64(id + ":" + token))));
        }
    }
}
