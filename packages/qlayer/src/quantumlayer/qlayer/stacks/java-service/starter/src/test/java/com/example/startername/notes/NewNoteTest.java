package com.example.startername.notes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NewNoteTest {
    @Test
    void whiteSpaceAroundItIsDropped() {
        assertEquals("milk", new NewNote(" milk\n").text());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 1000})
    void itMayBeOfEveryLengthInBetween(int length) {
        assertEquals("😀".repeat(length), new NewNote("😀".repeat(length)).text());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1001})
    void itIsNeitherEmptyNorTooLong(int length) {
        assertThrows(IllegalArgumentException.class, () -> new NewNote("é".repeat(length)));
    }
}
