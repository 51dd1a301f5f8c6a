package io.jenkins.plugins.deploymentgate.api.endpoint;

import hudson.Extension;
import hudson.model.User;
import io.jenkins.plugins.deploymentgate.api.http.ApiException;
import io.jenkins.plugins.deploymentgate.api.http.ApiRequest;
import io.jenkins.plugins.deploymentgate.api.http.Endpoint;
import io.jenkins.plugins.deploymentgate.api.http.Page;
import io.jenkins.plugins.deploymentgate.api.http.Reply;
import io.jenkins.plugins.deploymentgate.api.http.Router;
import io.jenkins.plugins.deploymentgate.api.json.NumericIds;
import io.jenkins.plugins.deploymentgate.api.json.UserJson;
import java.util.List;
import java.util.Optional;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * {@code /user} and {@code /users}. One user needs Overall/Read, like the page of the user; the list of all needs
 * Overall/Administer, like the list of users in core, which has no other since its People view became a plugin.
 */
@Extension
@Restricted(NoExternalUse.class)
public class UserEndpoints implements Endpoint {

    @Override
    public void addTo(Router router) {
        router.add("GET", "/user", UserEndpoints::caller);
        router.add("GET", "/users", UserEndpoints::list);
        router.add("GET", "/users/{id}", UserEndpoints::show);
    }

    private static Reply caller(ApiRequest request) {
        User caller = User.current();
        if (caller == null) {
            throw ApiException.unauthorized(Messages.Api_LogIn());
        }
        return Reply.ok(UserJson.of(caller, request.root()));
    }

    private static Reply list(ApiRequest request) {
        Page page = Page.of(request.query());
        Optional<String> username = request.query().text("username");
        if (username.isEmpty()) {
            Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        }
        List<User> users = username.isEmpty()
                ? List.copyOf(User.getAll())
                : Optional.ofNullable(User.getById(username.get(), false)).stream()
                        .toList();
        return page.reply(request, users, user -> UserJson.of(user, request.root()));
    }

    private static Reply show(ApiRequest request) {
        long number = NumericIds.parse(request.variable("id"));
        return NumericIds.only(number, User.getAll().stream().filter(user -> UserJson.number(user.getId()) == number))
                .map(user -> Reply.ok(UserJson.of(user, request.root())))
                .orElseThrow(() -> ApiException.notFound("User"));
    }
}
