package io.jenkins.plugins.deploymentgate;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

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
    static final ArchRule THE_CONFIGURATION_USES_THE_ENGINE_ONLY = noClasses()
            .that()
            .resideInAPackage(ROOT + ".config")
            .should()
            .dependOnClassesThat(resideInAnyPackage(ROOT + ".store", ROOT + ".service", ROOT + ".steps", ROOT + ".ui"));

    @ArchTest
    static final ArchRule THE_STORE_USES_THE_ENGINE_ONLY = noClasses()
            .that()
            .resideInAPackage(ROOT + ".store")
            .should()
            .dependOnClassesThat(
                    resideInAnyPackage(ROOT + ".config", ROOT + ".service", ROOT + ".steps", ROOT + ".ui"));

    @ArchTest
    static final ArchRule THE_DATABASE_OF_THE_INDEX_IS_KNOWN_TO_THE_STORE_ALONE = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + ".store")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.h2..");

    @ArchTest
    static final ArchRule CHANGES_ARE_FOUND_WITHOUT_GATES_AND_PAGES = noClasses()
            .that()
            .resideInAPackage(ROOT + ".changes")
            .should()
            .dependOnClassesThat(
                    resideInAnyPackage(ROOT + ".service", ROOT + ".steps", ROOT + ".ui", ROOT + ".api", ROOT + ".cli"));

    @ArchTest
    static final ArchRule THE_SERVICE_KNOWS_NEITHER_STEPS_NOR_PAGES = noClasses()
            .that()
            .resideInAPackage(ROOT + ".service")
            .should()
            .dependOnClassesThat(resideInAnyPackage(ROOT + ".steps", ROOT + ".ui"));

    @ArchTest
    static final ArchRule STEPS_GO_THROUGH_THE_SERVICE = noClasses()
            .that()
            .resideInAPackage(ROOT + ".steps")
            .should()
            .dependOnClassesThat(resideInAnyPackage(ROOT + ".config", ROOT + ".store", ROOT + ".ui"));

    @ArchTest
    static final ArchRule PAGES_GO_THROUGH_THE_SERVICE = noClasses()
            .that()
            .resideInAPackage(ROOT + ".ui")
            .should()
            .dependOnClassesThat(resideInAnyPackage(ROOT + ".config", ROOT + ".store", ROOT + ".steps"));

    @ArchTest
    static final ArchRule THE_API_GOES_THROUGH_SERVICE_AND_CONFIGURATION = noClasses()
            .that()
            .resideInAPackage(ROOT + ".api")
            .should()
            .dependOnClassesThat(resideInAnyPackage(ROOT + ".store", ROOT + ".steps", ROOT + ".ui"));

    @ArchTest
    static final ArchRule COMMANDS_GO_THROUGH_SERVICE_AND_API = noClasses()
            .that()
            .resideInAPackage(ROOT + ".cli")
            .should()
            .dependOnClassesThat(resideInAnyPackage(ROOT + ".config", ROOT + ".store", ROOT + ".steps", ROOT + ".ui"));

    @ArchTest
    static final ArchRule NOBODY_BELOW_KNOWS_THE_COMMANDS = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + ".cli")
            .should()
            .dependOnClassesThat(resideInAnyPackage(ROOT + ".cli"));
}
