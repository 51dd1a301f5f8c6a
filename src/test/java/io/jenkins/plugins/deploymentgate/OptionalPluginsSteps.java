package io.jenkins.plugins.deploymentgate;

import hudson.ExtensionList;
import hudson.model.Action;
import hudson.model.Actionable;
import hudson.model.Item;
import hudson.model.ItemGroup;
import hudson.model.Job;
import hudson.model.ManagementLink;
import hudson.model.Run;
import hudson.model.User;
import hudson.security.HudsonPrivateSecurityRealm;
import io.jenkins.plugins.deploymentgate.api.http.Api;
import io.jenkins.plugins.deploymentgate.api.json.EnvironmentJson;
import io.jenkins.plugins.deploymentgate.api.json.ProjectShape;
import io.jenkins.plugins.deploymentgate.api.json.UserJson;
import io.jenkins.plugins.deploymentgate.search.DeploymentSearch;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import jenkins.model.Jenkins;
import jenkins.model.ModifiableTopLevelItemGroup;
import org.jvnet.hudson.test.JenkinsRule;

/** What {@link OptionalPluginsTest} does in its controllers. Names no class of an optional plugin. */
final class OptionalPluginsSteps {

    private static final String PIPELINE = """
        <flow-definition plugin="workflow-job">
          <definition class="org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition" plugin="workflow-cps">
            <script>deploymentGate 'production'</script>
            <sandbox>true</sandbox>
          </definition>
        </flow-definition>
        """;

    private OptionalPluginsSteps() {}

    /** @return the Basic credentials of the users by ID */
    static HashMap<String, String> configure(JenkinsRule j) throws Throwable {
        RealController.configure(j);
        HashMap<String, String> credentials = new HashMap<>();
        for (String id : List.of("alice", "bob", "carol")) {
            User user = ((HudsonPrivateSecurityRealm) j.jenkins.getSecurityRealm()).createAccount(id, id);
            String pair = id + ":" + j.createApiToken(user);
            credentials.put(id, Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.US_ASCII)));
        }
        return credentials;
    }

    /** @return the URLs of a pipeline and, if there can be folders, of one in a folder */
    static ArrayList<String> createJobs(JenkinsRule j) throws Throwable {
        ArrayList<String> urls = new ArrayList<>();
        urls.add(create(j.jenkins, "shop", PIPELINE).getUrl());
        if (j.jenkins.getPlugin("cloudbees-folder") != null) {
            Item folder = create(j.jenkins, "team", "<com.cloudbees.hudson.plugins.folder.Folder/>");
            urls.add(create((ModifiableTopLevelItemGroup) folder, "app", PIPELINE)
                    .getUrl());
        }
        return urls;
    }

    private static Item create(ModifiableTopLevelItemGroup parent, String name, String xml) throws Throwable {
        return parent.createProjectFromXML(name, new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)));
    }

    /** @return the pages of this plugin, and those of core with something of this plugin on them */
    static ArrayList<String> pages(JenkinsRule j) {
        ArrayList<String> pages = new ArrayList<>(List.of("", "manage/", "manage/configure"));
        ManagementLink.all().stream()
                .flatMap(link -> own(link).stream())
                .forEach(url -> pages.add("manage/" + url + "/"));
        add(pages, "", j.jenkins.getActions());
        for (Item item : j.jenkins.allItems()) {
            pages.add(item.getUrl());
            add(pages, item.getUrl(), ((Actionable) item).getAllActions());
            if (item instanceof Job<?, ?> job) {
                for (Run<?, ?> build : job.getBuilds()) {
                    pages.add(build.getUrl());
                    pages.add(build.getUrl() + "console");
                    add(pages, build.getUrl(), build.getAllActions());
                }
            }
        }
        return pages;
    }

    private static void add(List<String> pages, String base, Collection<? extends Action> actions) {
        actions.stream()
                .filter(action -> action.getIconFileName() != null)
                .flatMap(action -> own(action).stream())
                .forEach(url -> pages.add(base + url + "/"));
    }

    private static Optional<String> own(Action action) {
        return Optional.ofNullable(action.getUrlName())
                .filter(url -> action.getClass().getName().startsWith(OptionalPluginsSteps.class.getPackageName()));
    }

    /** @return the addresses of the API that can be read, with every project, group and environment that there is */
    static ArrayList<String> addresses(JenkinsRule j) throws Throwable {
        ArrayList<String> addresses = new ArrayList<>();
        for (String route : ExtensionList.lookupSingleton(Api.class).routes()) {
            if (route.startsWith("GET ")) {
                String path = route.substring("GET ".length())
                        .replace("/users/{id}", "/users/" + UserJson.number("bob"))
                        .replace("/protected_environments/{name}", "/protected_environments/production");
                if (!path.contains("{id}")) {
                    addresses.add(path);
                } else {
                    items(path).flatMap(item -> filled(path, item)).forEach(addresses::add);
                }
            }
        }
        // Only configured globally.
        addresses.removeIf(path -> path.matches("/(groups|projects)/.*/production"));
        return addresses;
    }

    private static Stream<Item> items(String path) {
        boolean projects = path.startsWith("/projects/");
        return Jenkins.get().getAllItems(Item.class).stream()
                .filter(item -> projects ? ProjectShape.isProject(item) : item instanceof ItemGroup);
    }

    private static Stream<String> filled(String path, Item item) {
        String named = path.replace("{id}", item.getFullName().replace("/", "%2F"))
                .replace("{environment_id}", String.valueOf(EnvironmentJson.number(item, "production")));
        if (!named.contains("{deployment_id}")) {
            return Stream.of(named);
        }
        return DeploymentSearch.get()
                .environment(ProjectShape.scopeOf(item), "production")
                .map(found -> named.replace(
                        "{deployment_id}", String.valueOf(found.latest().id())))
                .stream();
    }

    /** @return what could not be loaded, according to the log */
    static ArrayList<String> linkageErrors(JenkinsRule j) {
        ArrayList<String> errors = new ArrayList<>();
        Jenkins.logRecords.stream()
                .map(record -> record.getThrown())
                .filter(Objects::nonNull)
                .filter(thrown -> causes(thrown).anyMatch(LinkageError.class::isInstance))
                .forEach(thrown -> errors.add(thrown.toString()));
        return errors;
    }

    private static Stream<Throwable> causes(Throwable thrown) {
        return Stream.iterate(thrown, Objects::nonNull, Throwable::getCause);
    }
}
