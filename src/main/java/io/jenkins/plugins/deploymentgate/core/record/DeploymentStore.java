package io.jenkins.plugins.deploymentgate.core.record;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.jenkins.plugins.deploymentgate.core.deployment.Deployment;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reads and writes {@code <build>/deployment-gate/<id>.json}.
 *
 * <p>The files lie in the directory of the build, so that renames, moves and deletion of jobs and builds take them
 * along. A write is a temporary file, flushed to disk, renamed over the old one: a crash leaves the old state or the
 * new one, never a mixture. Any thread may call; two writes of one deployment must not overlap, which their caller
 * sees to.
 */
public class DeploymentStore {

    private static final String DIRECTORY = "deployment-gate";
    private static final Pattern FILE_NAME = Pattern.compile("([1-9][0-9]{0,15})\\.json");

    private final RecordFailures failures = new RecordFailures();

    /**
     * Makes a state of a deployment durable.
     *
     * @param build the directory of the build
     * @param deployment what to keep
     * @throws IOException if it is not certain to be on disk; what was there before is still there
     */
    public void write(File build, Deployment deployment) throws IOException {
        Path file = file(build, deployment.id());
        try {
            DurableFile.write(file, toJson(deployment));
        } catch (IOException e) {
            failures.writeFailed(file, e);
            throw e;
        }
        failures.written(file);
    }

    /**
     * Reads a deployment.
     *
     * @param build the directory of the build
     * @param id its id
     * @return it; empty if the build has no such deployment
     * @throws IOException if there is one that cannot be read, or that a later version of this plugin wrote
     */
    public Optional<Deployment> read(File build, long id) throws IOException {
        return read(file(build, id));
    }

    private Optional<Deployment> read(Path file) throws IOException {
        try {
            Optional<Deployment> deployment = Optional.of(parse(file));
            failures.read(file);
            return deployment;
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            failures.readFailed(file, e);
            throw e;
        }
    }

    private static Deployment parse(Path file) throws IOException {
        String json = Files.readString(file);
        try {
            return fromJson(json);
        } catch (IOException e) {
            throw new IOException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** @return the text of the record of a deployment */
    public static String toJson(Deployment deployment) throws IOException {
        return DeploymentDocument.of(deployment).toJson();
    }

    /**
     * @param json the text of a record
     * @return the deployment
     * @throws IOException if it is none, or one that a later version of this plugin wrote; the message does not quote it
     */
    public static Deployment fromJson(String json) throws IOException {
        try {
            return DeploymentDocument.fromJson(json).toDeployment();
        } catch (JsonProcessingException e) {
            // Jackson's own message quotes the text, which may hold what people wrote.
            throw new IOException(e.getOriginalMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** Reads a record to find out whether that is possible. */
    void check(Path file) throws IOException {
        read(file);
    }

    /** @return the records that could not be read or written when that was last tried */
    public RecordFailures failures() {
        return failures;
    }

    /** Tries again what failed, so that resolved failures are not reported any longer. */
    public void recheckFailures() {
        failures.recheck(this);
    }

    /**
     * Lists the deployments of a build without reading them.
     *
     * @param build the directory of the build
     * @return their ids, in the order in which the gates were reached; empty if there are none
     * @throws IOException if the directory cannot be listed
     */
    public List<Long> ids(File build) throws IOException {
        Path directory = build.toPath().resolve(DIRECTORY);
        if (Files.notExists(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> FILE_NAME.matcher(String.valueOf(file.getFileName())))
                    .filter(Matcher::matches)
                    .map(name -> Long.valueOf(name.group(1)))
                    .sorted()
                    .toList();
        }
    }

    private static Path file(File build, long id) {
        return build.toPath().resolve(DIRECTORY).resolve(id + ".json");
    }
}
