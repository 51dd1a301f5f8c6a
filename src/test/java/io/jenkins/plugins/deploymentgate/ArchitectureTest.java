package io.jenkins.plugins.deploymentgate;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The arrows between the packages go down only. The engine's values may be used everywhere; it uses nothing. */
@AnalyzeClasses(packagesOf = ArchitectureTest.class, importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String ROOT = "io.jenkins.plugins.deploymentgate";

    private static final Map<String, List<String>> USES = Map.of(
            "config", List.of("engine"),
            "store", List.of("engine"),
            "changes", List.of("config", "store", "engine"),
            "service", List.of("config", "store", "changes", "engine"),
            "steps", List.of("service", "engine"),
            "ui", List.of("service", "changes", "engine"),
            "api", List.of("service", "config", "engine"),
            "cli", List.of("api", "service", "engine"));

    @ArchTest
    static final ArchRule THE_ENGINE_USES_THE_JDK_ALONE = classes()
            .that()
            .resideInAPackage(ROOT + ".engine")
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage(ROOT + ".engine", "java.."));

    @ArchTest
    static final ArchRule THE_ENGINE_DOES_NO_IO_AND_HAS_NO_CLOCK = noClasses()
            .that()
            .resideInAPackage(ROOT + ".engine")
            .should()
            .dependOnClassesThat(resideInAnyPackage("java.io..", "java.nio..", "java.net.."))
            .orShould()
            .callMethod(Instant.class, "now")
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Clock.class);

    @ArchTest
    static void eachPackageUsesThoseBelow(JavaClasses all) {
        USES.forEach((name, used) -> {
            Stream<String> ours = Stream.concat(Stream.of(name), used.stream());
            String[] packages = ours.map(one -> ROOT + "." + one).toArray(String[]::new);
            classes()
                    .that()
                    .resideInAPackage(ROOT + "." + name)
                    .should()
                    .onlyDependOnClassesThat(resideOutsideOfPackage(ROOT + "..").or(resideInAnyPackage(packages)))
                    .check(all);
        });
    }

    @ArchTest
    static final ArchRule THE_DATABASE_OF_THE_INDEX_IS_KNOWN_TO_THE_STORE_ALONE = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + ".store")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.h2..");
}
