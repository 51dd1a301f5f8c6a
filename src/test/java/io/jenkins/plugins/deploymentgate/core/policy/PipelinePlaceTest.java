package io.jenkins.plugins.deploymentgate.core.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jenkins.plugins.deploymentgate.core.policy.PipelinePlace.Enclosing;
import io.jenkins.plugins.deploymentgate.core.policy.PipelinePlace.Kind;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Where in a pipeline a deployment waits. */
class PipelinePlaceTest {

    private static PipelinePlace within(Enclosing... blocks) {
        return new PipelinePlace("7", List.of(blocks));
    }

    @Test
    void theInnermostBlockOfEachKindIsNamed() {
        PipelinePlace place = within(
                new Enclosing(Kind.STAGE, "Deploy"),
                new Enclosing(Kind.BRANCH, "eu"),
                new Enclosing(Kind.STAGE, "Smoke"),
                new Enclosing(Kind.CELL, "DB = 'h2'"));
        assertEquals(Optional.of("Smoke"), place.stage());
        assertEquals(Optional.of("eu"), place.branch());
        assertEquals(Optional.of("DB = 'h2'"), place.cell());
        assertEquals("Deploy / eu / Smoke / DB = 'h2'", place.path());
    }

    @Test
    void aStageThatIsABranchIsNamedOnce() {
        PipelinePlace place = within(
                new Enclosing(Kind.STAGE, "Deploy"), new Enclosing(Kind.BRANCH, "EU"), new Enclosing(Kind.STAGE, "EU"));
        assertEquals("Deploy / EU", place.path());
    }

    @Test
    void aStepOutsideOfAllBlocksHasNoPath() {
        assertEquals("", within().path());
        assertEquals(Optional.empty(), within().stage());
        assertEquals(Optional.empty(), PipelinePlace.UNKNOWN.branch());
        assertEquals(Optional.empty(), PipelinePlace.UNKNOWN.cell());
    }

    @Test
    void theWordsThatAreStoredAreLowerCase() {
        assertEquals("cell", Kind.CELL.toString());
    }
}
