package com.example.startername.notes;

/**
 * A note as it is kept.
 *
 * @param id   its number
 * @param text what it says
 */
public record Note(long id, String text) {
}
