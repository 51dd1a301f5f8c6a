package io.jenkins.plugins.deploymentgate.api.http;

import hudson.model.User;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.security.ApiTokenProperty;
import jenkins.security.SecurityListener;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.userdetails.UsernameNotFoundException;

/**
 * The API token in a header of GitLab's: {@code PRIVATE-TOKEN: user:token}, or {@code Authorization: Bearer user:token},
 * where the latter may be in Base64. Whoever sends one is judged by it alone. Passwords are never accepted.
 */
final class TokenHeader {

    private static final Logger LOGGER = Logger.getLogger(TokenHeader.class.getName());
    private static final String BEARER = "Bearer";

    private TokenHeader() {}

    /**
     * @param request any request
     * @return who the token stands for; empty if there is no such header
     * @throws ApiException 401, if there is one that does not fit anybody, or there are several
     */
    static Optional<Authentication> authenticate(HttpServletRequest request) {
        List<String> tokens = tokens(request);
        if (tokens.isEmpty()) {
            return Optional.empty();
        } else if (tokens.size() > 1) {
            throw ApiException.unauthorized(Messages.TokenHeader_Several());
        }
        String token = tokens.get(0);
        int colon = token.lastIndexOf(':');
        if (colon <= 0) {
            throw ApiException.unauthorized(Messages.TokenHeader_Malformed());
        }
        return Optional.of(authenticate(token.substring(0, colon), token.substring(colon + 1)));
    }

    private static List<String> tokens(HttpServletRequest request) {
        List<String> tokens = new ArrayList<>(Collections.list(request.getHeaders("PRIVATE-TOKEN")));
        for (String value : Collections.list(request.getHeaders("Authorization"))) {
            String[] parts = value.strip().split(" +", 2);
            if (parts[0].equalsIgnoreCase(BEARER)) {
                tokens.add(plain(parts.length == 1 ? "" : parts[1]));
            }
        }
        return tokens;
    }

    private static String plain(String bearer) {
        if (bearer.contains(":")) {
            return bearer;
        }
        try {
            return new String(Base64.getDecoder().decode(bearer), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw ApiException.unauthorized(Messages.TokenHeader_Malformed());
        }
    }

    private static Authentication authenticate(String id, String token) {
        User user = User.getById(id, false);
        ApiTokenProperty tokens = user == null ? null : user.getProperty(ApiTokenProperty.class);
        if (tokens == null || !tokens.matchesPassword(token)) {
            SecurityListener.fireFailedToAuthenticate(id);
            throw ApiException.unauthorized(Messages.TokenHeader_Wrong());
        }
        try {
            return user.impersonate2();
        } catch (UsernameNotFoundException e) {
            LOGGER.log(Level.FINE, e, () -> "The security realm does not know " + id + " any more");
            SecurityListener.fireFailedToAuthenticate(id);
            throw ApiException.unauthorized(Messages.TokenHeader_Wrong());
        }
    }
}
