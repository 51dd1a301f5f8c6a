package io.jenkins.plugins.deploymentgate.unlock;

import com.cloudbees.plugins.credentials.CredentialsNameProvider;
import com.cloudbees.plugins.credentials.NameWith;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.ObjectStreamException;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Marks credentials of an environment as {@link CredentialsLock} hands them out. */
@NameWith(value = EnvironmentCredentials.NameProvider.class, priority = 1000)
@Restricted(NoExternalUse.class)
public interface EnvironmentCredentials extends StandardCredentials {

    /** @return the environments that unlock them, for people */
    @NonNull
    String getEnvironments();

    /** Called by Java serialization, which takes them to an agent. */
    Object writeReplace() throws ObjectStreamException;

    /** Names them in forms. Uses nothing that is locked. */
    @Restricted(NoExternalUse.class)
    class NameProvider extends CredentialsNameProvider<EnvironmentCredentials> {

        @NonNull
        @Override
        public String getName(@NonNull EnvironmentCredentials credentials) {
            String description = credentials.getDescription();
            String name = description.isEmpty() ? credentials.getId() : credentials.getId() + " (" + description + ")";
            return Messages.EnvironmentCredentials_Name(name, credentials.getEnvironments());
        }
    }
}
