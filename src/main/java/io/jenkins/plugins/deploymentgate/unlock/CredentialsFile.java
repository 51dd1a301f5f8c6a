package io.jenkins.plugins.deploymentgate.unlock;

import com.cloudbees.plugins.credentials.Credentials;
import com.cloudbees.plugins.credentials.common.IdCredentials;
import com.cloudbees.plugins.credentials.domains.Domain;
import com.cloudbees.plugins.credentials.domains.DomainCredentials;
import com.thoughtworks.xstream.XStream;
import com.thoughtworks.xstream.converters.collections.CollectionConverter;
import com.thoughtworks.xstream.converters.reflection.ReflectionConverter;
import hudson.XmlFile;
import hudson.model.Failure;
import hudson.util.XStream2;
import io.jenkins.plugins.deploymentgate.core.policy.EnvironmentName;
import java.io.File;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jvnet.localizer.Localizable;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;

/**
 * The file of a store of credentials: XML, replaced as a whole, in which secrets are encrypted as everywhere in Jenkins. A crash
 * leaves the old content or the new. Elements that are not understood are an error, because the next write would lose them.
 * Keeps nothing in memory; writers of one file exclude each other by themselves.
 */
final class CredentialsFile {

    private static final XStream2 XSTREAM = new XStream2();

    static {
        XSTREAM.alias("environment-credentials", Document.class);
        XSTREAM.alias("environment", Entry.class);
        // Core's converters drop what they cannot read.
        XSTREAM.registerConverter(
                new CollectionConverter(XSTREAM.getMapper(), ArrayList.class), XStream.PRIORITY_VERY_HIGH);
        XSTREAM.registerConverter(
                new ReflectionConverter(XSTREAM.getMapper(), XSTREAM.getReflectionProvider()) {
                    @Override
                    public boolean canConvert(@SuppressWarnings("rawtypes") Class type) {
                        return type == Document.class || type == Entry.class;
                    }
                },
                XStream.PRIORITY_VERY_HIGH);
    }

    private CredentialsFile() {}

    /** The form of the content in the file; its fields are elements there. */
    private static final class Document {

        private final ArrayList<Entry> environments = new ArrayList<>();
    }

    private static final class Entry {

        private final Domain domain;
        private final ArrayList<Credentials> credentials;

        Entry(DomainCredentials content) {
            domain = content.getDomain();
            credentials = new ArrayList<>(content.getCredentials());
        }
    }

    /** A change that is not possible; the message is for whoever asked for it. */
    static final class RefusedException extends IllegalArgumentException implements HttpResponse {

        private static final long serialVersionUID = 1L;

        RefusedException(Localizable why) {
            super(why.toString());
        }

        @Override
        public void generateResponse(StaplerRequest2 request, StaplerResponse2 response, Object node)
                throws IOException, jakarta.servlet.ServletException {
            new Failure(getMessage()).generateResponse(request, response, node);
        }
    }

    /**
     * @param file where to read
     * @return what is in it, in order; nothing if it does not exist
     * @throws IOException if it cannot be read, or not wholly
     */
    static List<DomainCredentials> read(File file) throws IOException {
        try {
            if (new XmlFile(XSTREAM, file).read() instanceof Document document && document.environments != null) {
                List<DomainCredentials> content = document.environments.stream()
                        .map(entry -> new DomainCredentials(entry.domain, entry.credentials))
                        .toList();
                check(content);
                return content;
            }
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (RuntimeException e) {
            throw new IOException("Cannot read " + file, e);
        }
        throw new IOException("There are no credentials of environments in " + file);
    }

    /**
     * @param file where to write; its directory exists
     * @param content what is to stand there, which {@link #check} has passed
     * @throws IOException if it is not certain to be on disk; the old content is still there then
     */
    static void write(File file, List<DomainCredentials> content) throws IOException {
        Document document = new Document();
        content.forEach(each -> document.environments.add(new Entry(each)));
        new XmlFile(XSTREAM, file).write(document);
    }

    /** @throws RefusedException if this cannot be the content of a store */
    static void check(List<DomainCredentials> content) {
        Set<String> names = new HashSet<>();
        Set<String> ids = new HashSet<>();
        for (DomainCredentials each : content) {
            checkName(each.getDomain().getName(), names);
            for (Credentials credentials : each.getCredentials()) {
                CredentialsLock.problemOf(credentials).ifPresent(problem -> {
                    throw new RefusedException(problem);
                });
                String id = ((IdCredentials) credentials).getId();
                if (!ids.add(id)) {
                    throw new RefusedException(Messages._CredentialsFile_DuplicateId(id));
                }
            }
        }
    }

    private static void checkName(String name, Set<String> names) {
        if (name == null) {
            throw new RefusedException(Messages._CredentialsFile_NoEnvironment());
        } else if (EnvironmentName.problemOfPattern(name).isPresent()) {
            throw new RefusedException(Messages._CredentialsFile_NotAName(name));
        } else if (!names.add(name)) {
            throw new RefusedException(Messages._CredentialsFile_DuplicateEnvironment(name));
        }
    }
}
