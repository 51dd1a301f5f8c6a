package io.jenkins.plugins.deploymentgate.unlock;

import com.sun.net.httpserver.BasicAuthenticator;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.jenkins.plugins.deploymentgate.changes.GitRepository;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/** Serves a Git repository by the protocol that only needs its files, to those who know the password. */
final class GitServer implements AutoCloseable {

    private final HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    private final AtomicInteger served = new AtomicInteger();
    private final Path directory;

    GitServer(GitRepository repository, String user, String password) throws IOException, InterruptedException {
        directory = repository.git("update-server-info").gitDirectory();
        server.createContext("/repository.git/", this::serve).setAuthenticator(new BasicAuthenticator("git") {
            @Override
            public boolean checkCredentials(String name, String secret) {
                return name.equals(user) && secret.equals(password);
            }
        });
        server.start();
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            served.incrementAndGet();
            Path file = directory.resolve(exchange.getRequestURI().getPath().substring("/repository.git/".length()));
            if (Files.isRegularFile(file)) {
                exchange.sendResponseHeaders(200, Files.size(file));
                Files.copy(file, exchange.getResponseBody());
            } else {
                exchange.sendResponseHeaders(404, -1);
            }
        }
    }

    String url() {
        return "http://localhost:" + server.getAddress().getPort() + "/repository.git";
    }

    /** How many requests had the password. */
    int served() {
        return served.get();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
