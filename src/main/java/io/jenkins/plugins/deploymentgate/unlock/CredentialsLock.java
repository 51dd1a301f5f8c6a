package io.jenkins.plugins.deploymentgate.unlock;

import com.cloudbees.plugins.credentials.Credentials;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.CredentialsUnavailableException;
import com.cloudbees.plugins.credentials.common.IdCredentials;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import com.cloudbees.plugins.credentials.common.UsernameCredentials;
import com.cloudbees.plugins.credentials.domains.DomainRestrictedCredentials;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Util;
import hudson.model.Run;
import io.jenkins.plugins.deploymentgate.gate.ConsoleText;
import java.io.InvalidObjectException;
import java.io.ObjectStreamException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import jenkins.model.Jenkins;
import org.jvnet.localizer.Localizable;

/**
 * Stands between stored credentials and whoever asks for them. It implements all public interfaces of the stored ones that
 * describe credentials, so that it is found wherever those would be. Without a build it is locked: ID, description, scope and
 * descriptor can be read, everything else throws. {@link Credentials#forRun} returns an unlocked copy with the same interfaces,
 * or throws. It never returns something else, because the credentials plugin would then fall back to the object that it had.
 *
 * <p>An unlocked copy looks for the running deployment each time, so one that is kept longer than the deployment runs is
 * locked again. Any thread may call. Only the ID is ever written to XML. Java serialization, by which credentials reach agents,
 * fails while it is locked, and takes a snapshot of the stored credentials while it is not.
 */
final class CredentialsLock implements InvocationHandler {

    /** These say nothing secret, so a type with no others has no interface for its users. */
    private static final Set<Class<?>> BASICS = Set.of(
            Credentials.class, IdCredentials.class, StandardCredentials.class, DomainRestrictedCredentials.class);

    /** What can always be read. */
    private static final Set<String> OPEN = Set.of(
            "getId", "getDescription", "getScope", "getDescriptor", "isUsernameSecret", "matches", "getEnvironments");

    private final String id;
    private final transient StandardCredentials stored;
    private final transient Unlocking unlocking;

    /** The uses of the build that this copy is for; null without a build. */
    @CheckForNull
    private final transient CredentialsUses uses;

    private CredentialsLock(StandardCredentials stored, Unlocking unlocking, @CheckForNull CredentialsUses uses) {
        this.id = stored.getId();
        this.stored = stored;
        this.unlocking = unlocking;
        this.uses = uses;
    }

    /**
     * @param stored credentials of which {@link #problemOf} has nothing to say
     * @param unlocking when they may be used
     * @return what is handed out in their place
     */
    static EnvironmentCredentials lock(Credentials stored, Unlocking unlocking) {
        return new CredentialsLock((StandardCredentials) stored, unlocking, null).proxy();
    }

    /**
     * @param credentials any credentials
     * @return why they cannot be locked, for people; empty if they can
     */
    static Optional<Localizable> problemOf(Credentials credentials) {
        if (!isLockable(credentials.getClass())) {
            return Optional.of(Messages._CredentialsLock_Unsuitable(
                    credentials.getDescriptor().getDisplayName()));
        }
        CredentialsScope scope = credentials.getScope();
        return scope == null || scope == CredentialsScope.GLOBAL
                ? Optional.empty()
                : Optional.of(Messages._CredentialsLock_Scope(scope.getDisplayName()));
    }

    /**
     * @param type a class of credentials
     * @return whether its users know it by an interface, behind which it can be locked
     */
    static boolean isLockable(Class<?> type) {
        return StandardCredentials.class.isAssignableFrom(type)
                && interfacesOf(type).stream().anyMatch(each -> !BASICS.contains(each));
    }

    private static Set<Class<?>> interfacesOf(Class<?> type) {
        Set<Class<?>> found = new LinkedHashSet<>();
        for (Class<?> each = type; each != null; each = each.getSuperclass()) {
            for (Class<?> one : each.getInterfaces()) {
                if (Credentials.class.isAssignableFrom(one) && Modifier.isPublic(one.getModifiers())) {
                    found.add(one);
                    found.addAll(interfacesOf(one));
                }
            }
        }
        return found;
    }

    private EnvironmentCredentials proxy() {
        Set<Class<?>> interfaces = interfacesOf(stored.getClass());
        interfaces.add(EnvironmentCredentials.class);
        ClassLoader all = Jenkins.get().getPluginManager().uberClassLoader;
        return (EnvironmentCredentials) Proxy.newProxyInstance(all, interfaces.toArray(Class<?>[]::new), this);
    }

    @Override
    public Object invoke(Object self, Method method, Object[] arguments) throws Throwable {
        return switch (method.getName()) {
            case "equals" -> IdCredentials.Helpers.equals((IdCredentials) self, arguments[0]);
            case "hashCode" -> IdCredentials.Helpers.hashCode((IdCredentials) self);
            case "toString" -> "credentials " + id + " of " + unlocking.environmentNames();
            case "getEnvironments" -> unlocking.environmentNames();
            case "forRun" -> forRun((Run<?, ?>) arguments[0]);
            case "writeReplace" -> snapshot();
            default -> isOpen(method) ? call(stored, method, arguments) : call(open(method), method, arguments);
        };
    }

    private boolean isOpen(Method method) {
        return OPEN.contains(method.getName())
                || method.getName().equals("getUsername")
                        && stored instanceof UsernameCredentials named
                        && !named.isUsernameSecret();
    }

    private static Object call(Object target, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private EnvironmentCredentials forRun(Run<?, ?> build) {
        if (uses != null && uses.build() == build) {
            uses.check("forRun");
            return proxy();
        }
        Credentials special = stored.forRun(build);
        if (!interfacesOf(special.getClass()).containsAll(interfacesOf(stored.getClass()))) {
            throw new LockedException(id, "forRun", Messages._CredentialsLock_OtherType(id));
        }
        CredentialsUses opened = new CredentialsUses(build, stored, unlocking);
        opened.check("forRun");
        return new CredentialsLock((StandardCredentials) special, unlocking, opened).proxy();
    }

    private StandardCredentials open(Method method) {
        String property = Util.fixNull(method.getName().replaceFirst("^(get|is)", ""));
        if (uses == null) {
            throw new LockedException(
                    id, property, Messages._CredentialsLock_NoBuild(id, unlocking.environmentNames()));
        }
        uses.record(property);
        return stored;
    }

    private Object snapshot() throws ObjectStreamException {
        try {
            if (uses != null) {
                uses.record("snapshot");
                return CredentialsProvider.snapshot(stored);
            }
        } catch (LockedException e) {
            throw (ObjectStreamException) new InvalidObjectException(e.getMessage()).initCause(e);
        }
        throw new InvalidObjectException(
                ConsoleText.inLanguageOfServer(Messages._CredentialsLock_NoBuild(id, unlocking.environmentNames())));
    }

    /** Says why credentials are locked. Many people read it in the console of a build, so it is in the server's language. */
    static final class LockedException extends CredentialsUnavailableException {

        private static final long serialVersionUID = 1L;

        private final String text;

        LockedException(String id, String property, Localizable why) {
            super(property, ConsoleText.inLanguageOfServer(why));
            this.text = ConsoleText.inLanguageOfServer(why);
        }

        LockedException(String property, Localizable why, Throwable cause) {
            super(property, ConsoleText.inLanguageOfServer(why), cause);
            this.text = ConsoleText.inLanguageOfServer(why);
        }

        /**
         * For a refusal that the console of a build shows as its error.
         *
         * @return this, without a stack trace
         */
        LockedException forConsole() {
            setStackTrace(new StackTraceElement[0]);
            return this;
        }

        /** Without the name of the property, which says nothing to the reader of a console. */
        @Override
        public String getMessage() {
            return text;
        }
    }
}
