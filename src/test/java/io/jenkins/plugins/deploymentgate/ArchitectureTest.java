package io.jenkins.plugins.deploymentgate;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import hudson.Extension;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jenkinsci.plugins.variant.OptionalExtension;
import org.kohsuke.accmod.Restricted;

/** Holds the arrows between packages, as docs/developer.md draws them. */
@AnalyzeClasses(packagesOf = ArchitectureTest.class, importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String ROOT = "io.jenkins.plugins.deploymentgate";

    /**
     * A package and those that it may use. Packages of Jenkins are above {@code core}, which every one of them may use.
     *
     * @param name below {@link #ROOT}
     * @param uses the names of others; {@code core} stands for all below it
     */
    private record Room(String name, List<String> uses) {

        static Room of(String name, String... uses) {
            return new Room(name, List.of(uses));
        }
    }

    /** From the bottom to the top. */
    private static final List<Room> ROOMS = List.of(
            Room.of("core.policy"),
            Room.of("core.deployment", "core.policy"),
            Room.of("core.record", "core.policy", "core.deployment"),
            Room.of("core.ledger", "core.record"),
            Room.of("core.index", "core.policy", "core.deployment"),
            Room.of("records", "core"),
            Room.of("config", "core"),
            Room.of("origin", "core", "records", "config"),
            Room.of("changes", "core", "records", "config", "origin"),
            Room.of("audit", "core", "records", "config"),
            Room.of("gate", "core", "records", "config", "origin", "changes", "audit"),
            Room.of("approval", "core", "records", "config", "origin", "changes", "audit", "gate"),
            Room.of("search", "core", "records", "config", "origin", "changes", "audit", "gate", "approval"),
            Room.of("steps", "core", "config", "origin", "changes", "audit", "gate", "approval"),
            Room.of("ui", "core", "records", "config", "origin", "changes", "audit", "gate", "approval", "search"),
            Room.of("api.http", "core", "records", "config", "audit"),
            Room.of("api.json", "core", "config", "audit", "gate", "approval", "search", "api.http"),
            Room.of("api.endpoint", "core", "config", "audit", "gate", "approval", "search", "api.http", "api.json"),
            Room.of("cli", "core", "records", "config", "audit", "gate", "approval", "search", "api.endpoint"));

    @ArchTest
    static void everyClassIsInOneOfTheRooms(JavaClasses all) {
        Set<String> packages = all.stream()
                .map(JavaClass::getPackageName)
                .filter(name -> !name.equals(ROOT))
                .map(name -> name.substring(ROOT.length() + 1))
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(ROOMS.stream().map(Room::name).collect(Collectors.toCollection(TreeSet::new)), packages);
    }

    @ArchTest
    static void aRoomUsesOnlyThoseInItsRow(JavaClasses all) {
        for (Room room : ROOMS) {
            String[] allowed = Stream.concat(Stream.of(room.name()), room.uses().stream())
                    .map(name -> name.equals("core") ? ROOT + ".core.." : ROOT + "." + name)
                    .toArray(String[]::new);
            classes()
                    .that()
                    .resideInAPackage(ROOT + "." + room.name())
                    .should()
                    .onlyDependOnClassesThat(resideOutsideOfPackage(ROOT + "..").or(resideInAnyPackage(allowed)))
                    .check(all);
        }
    }

    @ArchTest
    static void theTableHasNoArrowThatGoesUp(JavaClasses all) {
        List<String> below = new ArrayList<>(List.of("core"));
        for (Room room : ROOMS) {
            assertEquals(
                    List.of(),
                    room.uses().stream().filter(name -> !below.contains(name)).toList(),
                    room.name());
            below.add(room.name());
        }
    }

    private static ArchRule onlyUses(String packages, String... others) {
        String[] allowed = Stream.concat(
                        Stream.of(packages, ROOT + ".core..", "java..", "net.jcip..", "edu.umd.cs.findbugs.."),
                        Arrays.stream(others))
                .toArray(String[]::new);
        return classes()
                .that()
                .resideInAPackage(packages)
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(allowed));
    }

    @ArchTest
    static final ArchRule CORE_USES_NOTHING_OF_JENKINS =
            onlyUses(ROOT + ".core..", "com.fasterxml.jackson..", "com.zaxxer.hikari..");

    @ArchTest
    static final ArchRule POLICY_USES_THE_JDK_ALONE = onlyUses(ROOT + ".core.policy");

    @ArchTest
    static final ArchRule DEPLOYMENT_USES_THE_JDK_ALONE = onlyUses(ROOT + ".core.deployment");

    @ArchTest
    static final ArchRule THE_RULES_DO_NO_IO_AND_HAVE_NO_CLOCK = noClasses()
            .that()
            .resideInAnyPackage(ROOT + ".core.policy", ROOT + ".core.deployment")
            .should()
            .dependOnClassesThat(resideInAnyPackage("java.io..", "java.nio..", "java.net.."))
            .orShould()
            .callMethod(Instant.class, "now")
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Clock.class);

    @ArchTest
    static final ArchRule ONLY_THE_READ_MODEL_KNOWS_ITS_DATABASE = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + ".core.index")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("com.zaxxer.hikari..", "org.h2..");

    private static final Pattern OPTIONAL_PLUGINS = Pattern.compile("jenkins\\.branch\\..*"
            + "|com\\.cloudbees\\.hudson\\.plugins\\.folder\\..*"
            + "|hudson\\.plugins\\.git\\..*|org\\.jenkinsci\\.plugins\\.gitclient\\..*"
            + "|hudson\\.tasks\\.Mailer.*"
            + "|org\\.jenkinsci\\.plugins\\.workflow\\.(cps|job|multibranch)\\..*"
            + "|org\\.jenkinsci\\.plugins\\.pipeline\\..*");

    /**
     * A class that uses a missing class in a method body can be loaded, and fails when the method runs. That is why
     * {@code @Extension(optional = true)} is not enough.
     */
    @ArchTest
    static void onlyOptionalExtensionsUseOptionalPlugins(JavaClasses all) {
        assertEquals(
                List.of(),
                all.stream()
                        .filter(type -> !isOptional(type) && usesOptionalPlugins(type) && !isUsedByOptionalOnly(type))
                        .map(JavaClass::getName)
                        .toList());
        assertEquals(
                List.of(),
                all.stream()
                        .filter(type -> type.tryGetAnnotationOfType(Extension.class)
                                .filter(Extension::optional)
                                .isPresent())
                        .map(JavaClass::getName)
                        .toList());
    }

    private static boolean usesOptionalPlugins(JavaClass type) {
        return type.getDirectDependenciesFromSelf().stream()
                .anyMatch(one -> OPTIONAL_PLUGINS
                        .matcher(one.getTargetClass().getBaseComponentType().getName())
                        .matches());
    }

    private static boolean isOptional(JavaClass type) {
        return type.isAnnotatedWith(OptionalExtension.class)
                || type.getEnclosingClass().map(ArchitectureTest::isOptional).orElse(false);
    }

    private static boolean isUsedByOptionalOnly(JavaClass type) {
        return type.getDirectDependenciesToSelf().stream()
                .map(Dependency::getOriginClass)
                .filter(user -> !user.equals(type))
                .allMatch(ArchitectureTest::isOptional);
    }

    /** The REST API and the command line have no API in Java. */
    @ArchTest
    static final ArchRule THE_API_AND_THE_COMMANDS_ARE_RESTRICTED = classes()
            .that()
            .resideInAnyPackage(ROOT + ".api..", ROOT + ".cli")
            .and()
            .arePublic()
            .and()
            .areTopLevelClasses()
            .and(resideOutsideOfMessages())
            .should()
            .beAnnotatedWith(Restricted.class);

    private static DescribedPredicate<JavaClass> resideOutsideOfMessages() {
        return DescribedPredicate.describe(
                "are not generated", type -> !type.getSimpleName().equals("Messages"));
    }
}
