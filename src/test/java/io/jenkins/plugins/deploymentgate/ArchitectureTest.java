package io.jenkins.plugins.deploymentgate;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import hudson.Extension;
import io.jenkins.plugins.deploymentgate.changes.ChangeSource;
import io.jenkins.plugins.deploymentgate.gate.DeploymentListener;
import io.jenkins.plugins.deploymentgate.origin.BuildOrigin;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jcip.annotations.GuardedBy;
import org.jenkinsci.plugins.variant.OptionalExtension;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/** Holds the arrows between packages and the public face of the plugin, as docs/developer.md describes them. */
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
            Room.of("unlock", "core", "records", "config", "origin", "changes", "audit", "gate"),
            Room.of("approval", "core", "records", "config", "origin", "changes", "audit", "gate"),
            Room.of("search", "core", "records", "config", "origin", "changes", "audit", "gate", "approval"),
            Room.of("steps", "core", "records", "config", "origin", "changes", "audit", "gate", "approval"),
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
            + "|com\\.cloudbees\\.plugins\\.credentials\\..*"
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

    /** Also by way of classes that are themselves used by optional extensions only. */
    private static boolean isUsedByOptionalOnly(JavaClass type) {
        return isUsedByOptionalOnly(type, new HashSet<>());
    }

    private static boolean isUsedByOptionalOnly(JavaClass type, Set<JavaClass> seen) {
        return type.getDirectDependenciesToSelf().stream()
                .map(Dependency::getOriginClass)
                .filter(user -> !user.equals(type) && seen.add(user))
                .allMatch(user -> isOptional(user) || isUsedByOptionalOnly(user, seen));
    }

    /** What other plugins implement. */
    private static final List<Class<?>> EXTENSION_POINTS =
            List.of(BuildOrigin.class, ChangeSource.class, DeploymentListener.class);

    /**
     * Other plugins may use the extension points, the types of ours that these name, and what is configured. Everything
     * else outside of {@code core}, which cannot use the annotation, is restricted.
     */
    @ArchTest
    static void onlyExtensionPointsAndConfigurationAreForOtherPlugins(JavaClasses all) {
        assertEquals(
                List.of(),
                all.stream()
                        .filter(type -> type.isTopLevelClass() && isUnrestricted(type) && isOutsideOfCore(type))
                        .filter(type -> !isExtensionPoint(type) && !isNamedByExtensionPoint(type, all))
                        .filter(type -> !isConfigured(type))
                        .filter(type -> !type.getSimpleName().equals("Messages"))
                        .map(JavaClass::getName)
                        .toList());
    }

    /** What is public for other plugins mentions nothing that they must not use. */
    @ArchTest
    static void signaturesForOtherPluginsNameNothingThatIsRestricted(JavaClasses all) {
        assertEquals(
                List.of(),
                all.stream()
                        .filter(type -> isUnrestricted(type) && isOutsideOfCore(type))
                        .flatMap(type -> type.getCodeUnits().stream())
                        .filter(ArchitectureTest::isUnrestricted)
                        .filter(unit -> typesIn(unit).anyMatch(type -> !isForOtherPlugins(type)))
                        .map(JavaCodeUnit::getFullName)
                        .toList());
    }

    private static boolean isForOtherPlugins(JavaClass type) {
        return isOutsideOfCore(type)
                ? isUnrestricted(type)
                : resideInAnyPackage(ROOT + ".core.policy", ROOT + ".core.deployment")
                        .test(type);
    }

    private static boolean isOutsideOfCore(JavaClass type) {
        return !type.getPackageName().startsWith(ROOT + ".core.");
    }

    private static boolean isUnrestricted(JavaClass type) {
        return type.getModifiers().contains(JavaModifier.PUBLIC)
                && !type.isAnnotatedWith(Restricted.class)
                && type.getEnclosingClass()
                        .map(ArchitectureTest::isUnrestricted)
                        .orElse(true);
    }

    private static boolean isUnrestricted(JavaCodeUnit unit) {
        return (unit.getModifiers().contains(JavaModifier.PUBLIC)
                        || unit.getModifiers().contains(JavaModifier.PROTECTED))
                && !unit.isAnnotatedWith(Restricted.class);
    }

    private static boolean isExtensionPoint(JavaClass type) {
        return EXTENSION_POINTS.stream().anyMatch(type::isEquivalentTo);
    }

    private static boolean isNamedByExtensionPoint(JavaClass type, JavaClasses all) {
        return EXTENSION_POINTS.stream()
                .flatMap(point -> all.get(point).getCodeUnits().stream())
                .filter(ArchitectureTest::isUnrestricted)
                .flatMap(ArchitectureTest::typesIn)
                .anyMatch(type::equals);
    }

    /** Whether Jenkins makes the type, or a subclass of it, from a form or from configuration as code. */
    private static boolean isConfigured(JavaClass type) {
        return Stream.concat(Stream.of(type), type.getAllSubclasses().stream())
                .flatMap(one -> one.getCodeUnits().stream())
                .anyMatch(unit -> unit.isAnnotatedWith(DataBoundConstructor.class)
                        || unit.isAnnotatedWith(DataBoundSetter.class));
    }

    /** @return the types of this plugin in the signature */
    private static Stream<JavaClass> typesIn(JavaCodeUnit unit) {
        return Stream.of(
                        unit.getReturnType().getAllInvolvedRawTypes().stream(),
                        unit.getParameterTypes().stream().flatMap(one -> one.getAllInvolvedRawTypes().stream()),
                        unit.getExceptionTypes().stream())
                .flatMap(types -> types)
                .map(JavaClass::getBaseComponentType)
                .filter(type -> type.getPackageName().startsWith(ROOT));
    }

    /** A class with synchronized methods is used by several threads, so each of its fields says how it is kept safe. */
    @ArchTest
    static final ArchRule STATE_OF_SYNCHRONIZED_CLASSES_IS_GUARDED = fields().that(DescribedPredicate.describe(
                    "are changed in a class with synchronized methods",
                    field -> !field.getModifiers().contains(JavaModifier.FINAL)
                            && !field.getModifiers().contains(JavaModifier.VOLATILE)
                            && field.getOwner().getMethods().stream()
                                    .anyMatch(method -> method.getModifiers().contains(JavaModifier.SYNCHRONIZED))))
            .should()
            .beAnnotatedWith(GuardedBy.class);
}
