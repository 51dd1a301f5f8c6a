package io.jenkins.plugins.deploymentgate;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;

/** The arrows between the packages go down only. The engine's values may be used everywhere; it uses nothing. */
@AnalyzeClasses(packagesOf = ArchitectureTest.class, importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String ROOT = "io.jenkins.plugins.deploymentgate";

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
    static final ArchRule EACH_PACKAGE_USES_THOSE_BELOW = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("engine")
            .definedBy(ROOT + ".engine")
            .layer("config")
            .definedBy(ROOT + ".config")
            .layer("store")
            .definedBy(ROOT + ".store")
            .layer("changes")
            .definedBy(ROOT + ".changes")
            .layer("service")
            .definedBy(ROOT + ".service")
            .layer("steps")
            .definedBy(ROOT + ".steps")
            .layer("ui")
            .definedBy(ROOT + ".ui")
            .layer("api")
            .definedBy(ROOT + ".api")
            .layer("cli")
            .definedBy(ROOT + ".cli")
            .whereLayer("config")
            .mayOnlyAccessLayers("engine")
            .whereLayer("store")
            .mayOnlyAccessLayers("engine")
            .whereLayer("changes")
            .mayOnlyAccessLayers("config", "store", "engine")
            .whereLayer("service")
            .mayOnlyAccessLayers("config", "store", "changes", "engine")
            .whereLayer("steps")
            .mayOnlyAccessLayers("service", "engine")
            .whereLayer("ui")
            .mayOnlyAccessLayers("service", "changes", "engine")
            .whereLayer("api")
            .mayOnlyAccessLayers("service", "config", "engine")
            .whereLayer("cli")
            .mayOnlyAccessLayers("api", "service", "engine");

    @ArchTest
    static final ArchRule THE_DATABASE_OF_THE_INDEX_IS_KNOWN_TO_THE_STORE_ALONE = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + ".store")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.h2..");
}
