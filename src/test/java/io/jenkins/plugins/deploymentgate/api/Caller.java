package io.jenkins.plugins.deploymentgate.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** A client of the API over a real socket, which sends what it is told and follows no redirect. */
final class Caller {

    static final String JSON = "application/json";
    static final String FORM = "application/x-www-form-urlencoded";

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final String root;
    private final List<String> headers;

    private Caller(String root, List<String> headers) {
        this.root = root;
        this.headers = headers;
    }

    /** An answer; whatever has a body has JSON in it. */
    record Answer(HttpResponse<String> response) {

        int status() {
            return response.statusCode();
        }

        String text() {
            return response.body();
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse(null);
        }

        JsonNode json() {
            try {
                return MAPPER.readTree(text());
            } catch (IOException e) {
                throw new AssertionError(response + " is not JSON: " + text(), e);
            }
        }

        String message() {
            return json().path("message").asText();
        }
    }

    /** Nobody, at the Jenkins with this address. */
    static Caller at(String root) {
        return new Caller(root, List.of());
    }

    /** The same, with one more header. */
    Caller with(String header, String value) {
        List<String> more = new ArrayList<>(headers);
        more.add(header);
        more.add(value);
        return new Caller(root, more);
    }

    Caller basic(String user, String password) {
        return with("Authorization", "Basic " + base64(user + ":" + password));
    }

    static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The same, logged in with a session of its own; passwords are the ids. */
    Caller login(String user) throws Exception {
        Caller begun = crumb();
        String form = "j_username=" + user + "&j_password=" + user + "&from=%2F";
        Answer answer = begun.send("POST", root + "j_spring_security_check", FORM, form);
        String cookie = answer.header("Set-Cookie");
        if (cookie == null || answer.header("Location").contains("loginError")) {
            throw new AssertionError("cannot log in as " + user + ": " + answer.response());
        }
        return with("Cookie", cookie.split(";")[0]);
    }

    /** The same, with the crumb of its session. */
    Caller crumb() throws Exception {
        Answer answer = send("GET", root + "crumbIssuer/api/json", null, null);
        Caller crumbed = with(
                answer.json().path("crumbRequestField").asText(),
                answer.json().path("crumb").asText());
        String cookie = answer.header("Set-Cookie");
        return cookie == null ? crumbed : crumbed.with("Cookie", cookie.split(";")[0]);
    }

    Answer get(String path) throws Exception {
        return call("GET", path, null, null);
    }

    Answer delete(String path) throws Exception {
        return call("DELETE", path, null, null);
    }

    Answer post(String path, String json) throws Exception {
        return call("POST", path, JSON, json);
    }

    Answer put(String path, String json) throws Exception {
        return call("PUT", path, JSON, json);
    }

    Answer form(String path, String form) throws Exception {
        return call("POST", path, FORM, form);
    }

    Answer call(String verb, String path, String type, String body) throws Exception {
        return send(verb, root + "deployment-gate/api/v4" + path, type, body);
    }

    /** Opens an address that an answer has given. */
    Answer open(String address) throws Exception {
        return send("GET", address, null, null);
    }

    private Answer send(String verb, String url, String type, String body) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url))
                .method(verb, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (type != null) {
            request.header("Content-Type", type);
        }
        if (!headers.isEmpty()) {
            request.headers(headers.toArray(String[]::new));
        }
        // A connection of its own: the server closes those on which it has refused to read a body.
        return new Answer(HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofString()));
    }

    /** A name as one piece of a path. */
    static String piece(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
