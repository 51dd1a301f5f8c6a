package io.jenkins.plugins.deploymentgate.api.json;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.Item;
import hudson.model.ItemGroup;
import hudson.model.Job;
import hudson.model.listeners.ItemListener;
import hudson.security.ACL;
import hudson.security.ACLContext;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import jenkins.model.Jenkins;

/**
 * Finds jobs and folders by the number that their full name has. The names are collected once, whoever may read them, and
 * again only when a number is asked for that is not among them while items have been made, moved or renamed since; so
 * what is known costs nothing and there are never more entries than items. Whether the caller may read an item is asked of
 * the item, each time. In memory only; any thread may call.
 */
@Extension
public class ItemNumbers extends ItemListener {

    private volatile Map<Long, String> names = Map.of();
    private volatile boolean complete;

    /** @return the number of an item */
    public static long of(Item item) {
        return NumericIds.of(NumericIds.Kind.PROJECT, item.getFullName());
    }

    /**
     * @param number any number
     * @return the full name that an item of that number has or had; whether there is still one must be looked up
     */
    public static Optional<String> nameOf(long number) {
        ItemNumbers numbers = ExtensionList.lookupSingleton(ItemNumbers.class);
        String known = numbers.names.get(number);
        return Optional.ofNullable(
                known != null || numbers.complete ? known : numbers.collect().get(number));
    }

    private synchronized Map<Long, String> collect() {
        if (!complete) {
            // Set first: an item that is made meanwhile resets it, and the next unknown number collects again.
            complete = true;
            Map<Long, String> found = new HashMap<>();
            try (ACLContext ignored = ACL.as2(ACL.SYSTEM2)) {
                for (Item item : Jenkins.get().allItems(Item.class)) {
                    if (item instanceof Job || item instanceof ItemGroup) {
                        found.put(of(item), item.getFullName());
                    }
                }
            }
            names = Map.copyOf(found);
        }
        return names;
    }

    @Override
    public void onCreated(Item item) {
        complete = false;
    }

    @Override
    public void onCopied(Item source, Item item) {
        complete = false;
    }

    @Override
    public void onLocationChanged(Item item, String oldFullName, String newFullName) {
        complete = false;
    }

    @Override
    public void onLoaded() {
        complete = false;
    }
}
