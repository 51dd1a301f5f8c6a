package io.jenkins.plugins.deploymentgate.api.json;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.Item;
import hudson.model.ItemGroup;
import hudson.model.Job;
import hudson.model.listeners.ItemListener;
import hudson.security.ACL;
import hudson.security.ACLContext;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Finds the full names of jobs and folders by number. All names are collected once, independent of the caller, and
 * updated by the events of items; they are collected again when an unknown number is asked for, because a reload of
 * Jenkins from disk fires no events. In memory only; any thread may call.
 */
@Extension
@Restricted(NoExternalUse.class)
public class ItemNumbers extends ItemListener {

    private final Map<Long, Set<String>> names = new ConcurrentHashMap<>();
    private volatile boolean collected;

    /** @return the number of an item */
    public static long of(Item item) {
        return of(item.getFullName());
    }

    private static long of(String fullName) {
        return NumericIds.of(NumericIds.Kind.PROJECT, fullName);
    }

    /**
     * @return the full names with this number. The caller has to look up which of these items exist and can be read.
     */
    public static Set<String> namesOf(long number) {
        ItemNumbers numbers = ExtensionList.lookupSingleton(ItemNumbers.class);
        if (number > 0 && !(numbers.collected && numbers.names.containsKey(number))) {
            numbers.collect();
        }
        return numbers.names.getOrDefault(number, Set.of());
    }

    private void collect() {
        try (ACLContext ignored = ACL.as2(ACL.SYSTEM2)) {
            Jenkins.get().allItems(Item.class).forEach(this::add);
        }
        collected = true;
    }

    private void add(Item item) {
        if (item instanceof Job || item instanceof ItemGroup) {
            names.compute(of(item), (number, before) -> with(before, item.getFullName()));
        }
    }

    private static Set<String> with(Set<String> before, String name) {
        return before == null
                ? Set.of(name)
                : Stream.concat(before.stream(), Stream.of(name)).collect(Collectors.toUnmodifiableSet());
    }

    private void remove(String fullName) {
        names.computeIfPresent(of(fullName), (number, before) -> {
            Set<String> after =
                    before.stream().filter(name -> !name.equals(fullName)).collect(Collectors.toUnmodifiableSet());
            return after.isEmpty() ? null : after;
        });
    }

    @Override
    public void onCreated(Item item) {
        add(item);
    }

    @Override
    public void onCopied(Item source, Item item) {
        add(item);
    }

    @Override
    public void onLocationChanged(Item item, String oldFullName, String newFullName) {
        remove(oldFullName);
        add(item);
    }

    @Override
    public void onDeleted(Item item) {
        remove(item.getFullName());
    }
}
