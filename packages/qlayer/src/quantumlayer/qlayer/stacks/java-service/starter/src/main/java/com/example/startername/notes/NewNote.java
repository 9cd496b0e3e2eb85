package com.example.startername.notes;

import java.util.Objects;

/**
 * A note as it is sent, without white space around its text.
 *
 * @param text what it says, of 1 to 1000 characters
 */
public record NewNote(String text) {
    private static final int LONGEST_TEXT = 1000;

    /**
     * Checks the text.
     *
     * @throws IllegalArgumentException if it is empty or too long
     */
    public NewNote {
        text = Objects.requireNonNullElse(text, "").strip();
        if (text.isEmpty()) {
            throw new IllegalArgumentException("A note has a text.");
        }
        if (text.codePointCount(0, text.length()) > LONGEST_TEXT) {
            throw new IllegalArgumentException("A note has at most 1000 characters.");
        }
    }
}
