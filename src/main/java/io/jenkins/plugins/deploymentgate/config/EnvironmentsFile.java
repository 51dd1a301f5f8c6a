package io.jenkins.plugins.deploymentgate.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Util;
import hudson.XmlFile;
import io.jenkins.plugins.deploymentgate.core.policy.ProtectedEnvironments;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The file in which a scope keeps its protected environments: XML that is read strictly, and replaced as a whole. A crash
 * leaves the old content or the new. Keeps nothing in memory; writers of one file exclude each other by themselves.
 */
final class EnvironmentsFile {

    private static final Logger LOGGER = Logger.getLogger(EnvironmentsFile.class.getName());

    private EnvironmentsFile() {}

    /**
     * What such a file said.
     *
     * @param environments the protected environments, in order; none if they could not be read
     * @param failure why the file could not be read, for people; empty if it could, or if there is none
     */
    record Content(List<ProtectedEnvironment> environments, Optional<String> failure) {

        static final Content NOTHING = of(List.of());

        static Content of(List<ProtectedEnvironment> environments) {
            return new Content(List.copyOf(environments), Optional.empty());
        }

        static Content unreadable(String why) {
            return new Content(List.of(), Optional.of(why));
        }

        /**
         * @param scope the full name of the folder or job; empty for the whole Jenkins
         * @return the engine's form of the environments
         */
        List<ProtectedEnvironments.Entry> entries(String scope) {
            return environments.stream()
                    .map(environment -> environment.toEntry(scope))
                    .toList();
        }
    }

    /** The form of the content in the file; its fields are elements there. */
    static final class Document {

        private final List<ProtectedEnvironment> environments;

        Document(List<ProtectedEnvironment> environments) {
            this.environments = new ArrayList<>(environments);
        }
    }

    /**
     * @param file where to read
     * @param level how loudly a failure is logged
     * @return what is in it; empty if it does not exist
     */
    static Optional<Content> read(File file, Level level) {
        try {
            if (new XmlFile(StrictXml.XSTREAM, file).read() instanceof Document document
                    && document.environments != null) {
                return Optional.of(Content.of(validate(document.environments)));
            }
            throw new IOException("There are no protected environments in " + file);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException | RuntimeException e) {
            LOGGER.log(level, e, () -> "Deployment gates stay closed: cannot read " + file);
            return Optional.of(Content.unreadable(
                    String.valueOf(e.getMessage()).lines().findFirst().orElse("")));
        }
    }

    /**
     * @param file where to write; its directory exists
     * @param environments the new content, which {@link #validate} accepted
     * @param keepOld whether what is there now is kept beside it, because it could not be read
     * @throws IOException if the new content is not certain to be on disk; the old content is still there then
     */
    static void write(File file, List<ProtectedEnvironment> environments, boolean keepOld) throws IOException {
        Path path = file.toPath();
        if (keepOld && Files.exists(path)) {
            Files.copy(path, path.resolveSibling(path.getFileName() + ".unreadable-" + System.currentTimeMillis()));
        }
        new XmlFile(StrictXml.XSTREAM, file).write(new Document(environments));
    }

    /**
     * @param environments the protected environments of one scope, or null for none
     * @return the same in a list of its own
     * @throws IllegalArgumentException if they are not valid, with the error message
     */
    static List<ProtectedEnvironment> validate(@CheckForNull List<ProtectedEnvironment> environments) {
        List<ProtectedEnvironment> wanted = new ArrayList<>(Util.fixNull(environments));
        Set<String> names = new HashSet<>();
        for (ProtectedEnvironment environment : wanted) {
            Optional<String> problem = environment.problem();
            if (problem.isPresent()) {
                throw new IllegalArgumentException(problem.get());
            } else if (!names.add(environment.getName())) {
                throw new IllegalArgumentException(
                        Messages.DeploymentGateConfiguration_Duplicate(environment.getName()));
            }
        }
        return wanted;
    }
}
