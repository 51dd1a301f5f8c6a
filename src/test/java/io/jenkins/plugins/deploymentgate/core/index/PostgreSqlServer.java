package io.jenkins.plugins.deploymentgate.core.index;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A PostgreSQL server of its own, on a free port, with its data in a temporary directory. As root, who may not run one, it
 * runs as the user {@code nobody}. Needs Debian's package {@code postgresql}, or its programs on the path.
 */
public final class PostgreSqlServer implements AutoCloseable {

    private static final String USER = "gate";
    private static final String RUN_AS = "nobody";
    private static final Path DEBIAN = Path.of("/usr/lib/postgresql");

    private final Path programs;
    private final Path directory;
    private final int port;

    private PostgreSqlServer(Path programs) throws IOException {
        this.programs = programs;
        this.directory = Files.createTempDirectory("postgresql-");
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            this.port = free.getLocalPort();
        }
    }

    /** @return a server that runs; where there is no PostgreSQL, the test is skipped with a line that says so */
    public static PostgreSqlServer start() {
        Optional<Path> programs = programs();
        if (programs.isEmpty()) {
            System.err.println("!!! NO POSTGRESQL: THE TESTS ON A POSTGRESQL SERVER ARE SKIPPED. !!!");
            return abort("there is no PostgreSQL here; install Debian's package postgresql");
        }
        try {
            PostgreSqlServer server = new PostgreSqlServer(programs.get());
            if (isRoot()) {
                Files.setOwner(
                        server.directory,
                        server.directory
                                .getFileSystem()
                                .getUserPrincipalLookupService()
                                .lookupPrincipalByName(RUN_AS));
            }
            server.run("initdb", "-D", server.data(), "-U", USER, "--auth=trust", "-E", "UTF8", "--no-sync");
            server.startAgain();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<Path> programs() {
        List<Path> candidates = new ArrayList<>();
        if (Files.isDirectory(DEBIAN)) {
            try (Stream<Path> versions = Files.list(DEBIAN)) {
                versions.map(version -> version.resolve("bin")).forEach(candidates::add);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        Stream.of(System.getenv("PATH").split(":")).map(Path::of).forEach(candidates::add);
        return candidates.stream()
                .filter(path ->
                        Files.isExecutable(path.resolve("initdb")) && Files.isExecutable(path.resolve("pg_ctl")))
                .findFirst();
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    private String data() {
        return directory.resolve("data").toString();
    }

    /** Starts a server that was stopped. */
    public void startAgain() {
        String options = "-h 127.0.0.1 -p " + port + " -k " + directory + " -F";
        run("pg_ctl", "-D", data(), "-l", directory.resolve("log").toString(), "-w", "-o", options, "start");
    }

    /** Stops the server at once, as a crash would; what it has committed is kept. */
    public void stop() {
        run("pg_ctl", "-D", data(), "-w", "-m", "immediate", "stop");
    }

    private void run(String program, String... arguments) {
        List<String> command = new ArrayList<>();
        if (isRoot()) {
            command.addAll(List.of("setpriv", "--reuid=" + RUN_AS, "--regid=nogroup", "--clear-groups"));
        }
        command.add(programs.resolve(program).toString());
        command.addAll(List.of(arguments));
        try {
            Path output = Files.createTempFile("postgresql-", ".out");
            Process process = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            boolean ended = process.waitFor(60, TimeUnit.SECONDS);
            String said = Files.readString(output, StandardCharsets.UTF_8);
            Files.delete(output);
            if (!ended || process.exitValue() != 0) {
                throw new IllegalStateException(command + ": " + said);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** @return how a controller of that name reaches it */
    public ReadModel.Server address(String controller) {
        return new ReadModel.Server(
                "jdbc:postgresql://127.0.0.1:" + port + "/postgres", USER, "not asked for", controller);
    }

    @Override
    public void close() throws IOException {
        if (Files.exists(directory.resolve("data/postmaster.pid"))) {
            stop();
        }
        List<Path> all;
        try (Stream<Path> files = Files.walk(directory)) {
            all = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : all) {
            Files.delete(file);
        }
    }
}
