package io.jenkins.plugins.deploymentgate.api;

import hudson.model.User;
import java.util.List;
import java.util.Optional;

/** {@code /user} and {@code /users}: people, to whoever has Overall/Read. */
final class UserEndpoints {

    void addTo(Router router) {
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
        List<User> users = username.isEmpty()
                ? List.copyOf(User.getAll())
                : Optional.ofNullable(User.getById(username.get(), false)).stream()
                        .toList();
        return page.reply(request, users, user -> UserJson.of(user, request.root()));
    }

    private static Reply show(ApiRequest request) {
        long number = NumericIds.parse(request.variable("id"));
        return User.getAll().stream()
                .filter(user -> UserJson.number(user.getId()) == number)
                .findFirst()
                .map(user -> Reply.ok(UserJson.of(user, request.root())))
                .orElseThrow(() -> ApiException.notFound("User"));
    }
}
