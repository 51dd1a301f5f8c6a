package io.jenkins.plugins.deploymentgate.config;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.XmlFile;
import hudson.model.Item;
import hudson.model.listeners.ItemListener;
import io.jenkins.plugins.deploymentgate.config.EnvironmentsFile.Content;
import java.io.File;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.logging.Level;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * The files of all scopes that are folders or jobs, with a cache of their content.
 *
 * <p>The file is in the directory of its item, and is moved, renamed and deleted with it. Its content is cached for as long
 * as the item exists, and read again after the item was moved or renamed. A reload of Jenkins from disk fires no event and
 * keeps the objects of items in folders, but replaces those of top-level items, so a changed top-level item means a
 * reload. A file that could not be read is read again each time, so that a repair needs no restart.
 *
 * <p>Any thread may call. Reading and writing exclude each other by this object's monitor, under which no other lock is
 * taken. Cached content is returned without it.
 */
@Extension
@Restricted(NoExternalUse.class)
public class ItemScopes {

    /** The file of a scope, in the directory of its item. */
    static final String FILE = "protected-environments.xml";

    private final Map<Item, Known> known = Collections.synchronizedMap(new WeakHashMap<>());

    /**
     * The content of a file, and the top-level item when it was read. Holds no strong reference to items, so that deleted ones
     * can be collected.
     */
    private record Known(Content content, WeakReference<Item> top) {}

    static ItemScopes get() {
        return ExtensionList.lookupSingleton(ItemScopes.class);
    }

    /**
     * @param item a folder or a job, as Jenkins knows it now
     * @return what its file says
     */
    Content of(Item item) {
        Item top = topOf(item);
        Known before = known.get(item);
        return before != null
                        && before.top().refersTo(top)
                        && before.content().failure().isEmpty()
                ? before.content()
                : read(item, top);
    }

    private static Item topOf(Item item) {
        return item.getParent() instanceof Item parent ? topOf(parent) : item;
    }

    private Content read(Item item, Item top) {
        File file = fileOf(item);
        synchronized (this) {
            Known before = known.get(item);
            boolean isNews = before == null || before.content().failure().isEmpty();
            Content content = EnvironmentsFile.read(file, isNews ? Level.WARNING : Level.FINE)
                    .orElseGet(() -> isThere(file)
                            ? Content.NOTHING
                            : Content.unreadable(Messages.ItemScopes_NoDirectory(file.getParent())));
            known.put(item, new Known(content, new WeakReference<>(top)));
            return content;
        }
    }

    /** If the directory is missing too, the item is being moved, and a missing file means nothing. */
    private static boolean isThere(File file) {
        return file.getParentFile().isDirectory();
    }

    private static File fileOf(Item item) {
        return new File(item.getRootDir(), FILE);
    }

    /**
     * Writes the file of an item, and then changes what is known of it.
     *
     * @param item a folder or a job, as Jenkins knows it now
     * @param environments the new content, validated
     * @return the file
     * @throws IOException if it cannot be written; nothing has changed then
     */
    XmlFile write(Item item, List<ProtectedEnvironment> environments) throws IOException {
        Item top = topOf(item);
        File file = fileOf(item);
        synchronized (this) {
            if (!isThere(file)) {
                throw new IOException(Messages.ItemScopes_NoDirectory(file.getParent()));
            }
            boolean unreadable = EnvironmentsFile.read(file, Level.FINE)
                    .flatMap(Content::failure)
                    .isPresent();
            EnvironmentsFile.write(file, environments, unreadable);
            known.put(item, new Known(Content.of(environments), new WeakReference<>(top)));
        }
        return new XmlFile(StrictXml.XSTREAM, file);
    }

    /** @return the items whose files could not be read when they were needed, and still cannot */
    List<Item> unreadable() {
        List<Item> suspects;
        synchronized (known) {
            suspects = known.entrySet().stream()
                    .filter(entry -> entry.getValue().content().failure().isPresent())
                    .map(Map.Entry::getKey)
                    .toList();
        }
        return suspects.stream()
                .filter(item -> Protection.isCurrent(item) && of(item).failure().isPresent())
                .toList();
    }

    private synchronized void forget(Item item) {
        known.remove(item);
    }

    /** Forgets items that are renamed, moved or deleted. */
    @Extension
    public static class OnMove extends ItemListener {

        @Override
        public void onLocationChanged(Item item, String oldFullName, String newFullName) {
            get().forget(item);
        }

        @Override
        public void onDeleted(Item item) {
            get().forget(item);
        }
    }
}
