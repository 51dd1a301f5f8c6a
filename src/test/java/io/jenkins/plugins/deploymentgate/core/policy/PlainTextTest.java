package io.jenkins.plugins.deploymentgate.core.policy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class PlainTextTest {

    @Property
    void whatUtf8GivesBackCanBeKept(@ForAll String text) {
        boolean excludedInXml = text.matches("(?s).*[\\x{0}\\x{FFFE}\\x{FFFF}].*");
        boolean same = new String(text.getBytes(UTF_8), UTF_8).equals(text);
        assertEquals(same && !excludedInXml, PlainText.unkeepable(text).isEmpty());
    }

    @Property
    void aNameIsOneLineOfWhatCanBeKept(@ForAll String text) {
        boolean oneLine = text.matches("[^\\p{Cc}\\p{Zl}\\p{Zp}]*");
        assertEquals(
                oneLine && PlainText.unkeepable(text).isEmpty(),
                PlainText.notOfOneLine(text).isEmpty());
    }

    @Test
    void theFirstThatCannotBeKeptIsNamed() {
        assertEquals(Optional.of("U+D83D"), PlainText.unkeepable("a\ud83d\0"));
        assertEquals(Optional.of("U+DE00"), PlainText.unkeepable("\ude00\ud83d"));
        assertEquals(Optional.of("U+0000"), PlainText.unkeepable("\0"));
        assertEquals(Optional.of("U+FFFF"), PlainText.unkeepable("Prüfung\uffff"));
        assertEquals(Optional.empty(), PlainText.unkeepable("Prüfung \ud83d\ude00\t\n"));
    }
}
