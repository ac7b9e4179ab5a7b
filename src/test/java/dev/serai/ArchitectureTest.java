package dev.serai;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** The shape that the design asks for, kept by the build. */
class ArchitectureTest {

    private static final JavaClasses HUB = new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.serai");

    @Test
    void packagesHaveNoCycles() {
        slices().matching("dev.serai.(*)..").should().beFreeOfCycles().check(HUB);
    }

    @Test
    void onlyTheGlueKnowsCamel() {
        noClasses().that().resideOutsideOfPackages("dev.serai.routing..", "dev.serai.live..", "dev.serai.connector..")
                .should().dependOnClassesThat().resideInAPackage("org.apache.camel..").check(HUB);
    }

    @Test
    void nounsAndRulesArePlainJava() {
        noClasses().that().resideInAnyPackage("dev.serai.change..", "dev.serai.rules..")
                .should().dependOnClassesThat().resideInAnyPackage("org.apache.camel..", "org.springframework..").allowEmptyShould(true)
                .check(HUB);
    }

    @Test
    void nobodyReadsTheClockOnTheSide() {
        noClasses().should().callMethod(Instant.class, "now").orShould().callMethod(System.class, "currentTimeMillis").check(HUB);
    }
}
