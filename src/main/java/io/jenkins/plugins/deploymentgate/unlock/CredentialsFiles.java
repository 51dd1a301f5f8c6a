package io.jenkins.plugins.deploymentgate.unlock;

import com.cloudbees.plugins.credentials.domains.DomainCredentials;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Item;
import hudson.model.listeners.ItemListener;
import java.io.File;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.WeakHashMap;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;
import net.jcip.annotations.GuardedBy;
import org.jenkinsci.plugins.variant.OptionalExtension;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * The files of all stores of credentials: one of the whole Jenkins, and one in the directory of each folder that has some. They
 * are not in the {@code config.xml} of a folder: whoever may configure the folder can read the encrypted secrets there, and write
 * them back to a place where nothing locks them. A file moves, is renamed and is deleted with its folder.
 *
 * <p>What a file said is kept in memory until its folder is moved, renamed, deleted or loaded anew. What could not be read is
 * read again each time, so that a repair needs no restart. Any thread may call. Reading and writing exclude each other by this
 * object's monitor, under which no other lock is taken.
 */
@OptionalExtension(requirePlugins = "credentials")
@Restricted(NoExternalUse.class)
public class CredentialsFiles extends ItemListener {

    private static final Logger LOGGER = Logger.getLogger(CredentialsFiles.class.getName());

    /** In Jenkins' home, or in the directory of a folder. */
    static final String FILE = "environment-credentials.xml";

    /** Its item at the top tells a reload from disk. Holds no reference to its folder, so that this can be collected. */
    private record Known(List<DomainCredentials> content, WeakReference<Item> top) {}

    @GuardedBy("this")
    private final Map<Item, Known> known = new WeakHashMap<>();

    @CheckForNull
    private volatile List<DomainCredentials> global;

    /** Why files could not be read, by their folders; null stands for the whole Jenkins. */
    @GuardedBy("this")
    private final Map<Item, String> failures = new WeakHashMap<>();

    static CredentialsFiles get() {
        return ItemListener.all().get(CredentialsFiles.class);
    }

    private static File fileOf(@CheckForNull Item folder) {
        return new File(folder == null ? Jenkins.get().getRootDir() : folder.getRootDir(), FILE);
    }

    private static Item topOf(Item item) {
        return item.getParent() instanceof Item parent ? topOf(parent) : item;
    }

    /**
     * @param folder a folder as Jenkins knows it now; null for the whole Jenkins
     * @return its content; nothing if it cannot be read, so that nothing can be unlocked
     */
    List<DomainCredentials> content(@CheckForNull Item folder) {
        try {
            return read(folder);
        } catch (IOException e) {
            LOGGER.log(
                    fail(folder, reasonOf(e)) ? Level.WARNING : Level.FINE,
                    e,
                    () -> "Credentials of environments stay locked: cannot read " + fileOf(folder));
            return List.of();
        }
    }

    /** The outer exceptions only name the file. */
    private static String reasonOf(Throwable failure) {
        return failure.getCause() == null
                ? failure.toString().lines().findFirst().orElse("")
                : reasonOf(failure.getCause());
    }

    /** @return whether this is news */
    private synchronized boolean fail(@CheckForNull Item folder, String why) {
        return !why.equals(failures.put(folder, why));
    }

    /** @return the files that cannot be read, each with the reason; of folders only those that were needed */
    Map<File, String> unreadable() {
        List<Item> suspects;
        synchronized (this) {
            suspects = failures.keySet().stream().filter(Objects::nonNull).toList();
        }
        content(null);
        suspects.forEach(this::content);
        synchronized (this) {
            Map<File, String> found = new TreeMap<>();
            failures.forEach((folder, why) -> found.put(fileOf(folder), why));
            return found;
        }
    }

    private List<DomainCredentials> read(@CheckForNull Item folder) throws IOException {
        Optional<List<DomainCredentials>> before = remembered(folder);
        return before.isPresent() ? before.get() : load(folder);
    }

    private Optional<List<DomainCredentials>> remembered(@CheckForNull Item folder) {
        if (folder == null) {
            return Optional.ofNullable(global);
        }
        synchronized (this) {
            return Optional.ofNullable(known.get(folder))
                    .filter(before -> before.top().refersTo(topOf(folder)))
                    .map(Known::content);
        }
    }

    private synchronized List<DomainCredentials> load(@CheckForNull Item folder) throws IOException {
        List<DomainCredentials> content = CredentialsFile.read(fileOf(folder));
        remember(folder, content);
        return content;
    }

    @GuardedBy("this")
    private void remember(@CheckForNull Item folder, List<DomainCredentials> content) {
        failures.remove(folder);
        if (folder == null) {
            global = content;
        } else {
            known.put(folder, new Known(content, new WeakReference<>(topOf(folder))));
        }
    }

    /**
     * Changes the content of a file. Who may do this is for the caller to check.
     *
     * @param folder a folder as Jenkins knows it now; null for the whole Jenkins
     * @param change gives the new content for the present one, which it may change; null if there is nothing to do
     * @return whether there was something to do; it is on disk then
     * @throws CredentialsFile.RefusedException if the new content is not possible; nothing has changed then
     * @throws IOException if the file cannot be read or written; nothing has changed then
     */
    synchronized boolean change(@CheckForNull Item folder, UnaryOperator<List<DomainCredentials>> change)
            throws IOException {
        List<DomainCredentials> after = change.apply(new ArrayList<>(read(folder)));
        if (after == null) {
            return false;
        }
        CredentialsFile.check(after);
        CredentialsFile.write(fileOf(folder), after);
        remember(folder, List.copyOf(after));
        return true;
    }

    @Override
    public synchronized void onLocationChanged(Item item, String oldFullName, String newFullName) {
        known.remove(item);
        failures.remove(item);
    }

    @Override
    public synchronized void onDeleted(Item item) {
        known.remove(item);
        failures.remove(item);
    }
}
