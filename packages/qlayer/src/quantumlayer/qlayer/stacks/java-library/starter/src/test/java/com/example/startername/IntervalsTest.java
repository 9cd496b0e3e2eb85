package com.example.startername;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class IntervalsTest {

    static Stream<Arguments> whatOverlaps() {
        return Stream.of(
                arguments(List.of(), List.of()),
                arguments(
                        List.of(new Interval(5, 7), new Interval(1, 3)),
                        List.of(new Interval(1, 3), new Interval(5, 7))),
                arguments(List.of(new Interval(1, 3), new Interval(3, 4)), List.of(new Interval(1, 4))),
                arguments(List.of(new Interval(1, 9), new Interval(2, 3)), List.of(new Interval(1, 9))));
    }

    @ParameterizedTest
    @MethodSource
    void whatOverlaps(List<Interval> given, List<Interval> merged) {
        assertEquals(merged, Intervals.merged(given));
    }

    @Test
    void whatIsGivenOutCannotBeChanged() {
        List<Interval> merged = Intervals.merged(List.of(new Interval(1, 2)));

        assertThrows(UnsupportedOperationException.class, () -> merged.add(new Interval(3, 4)));
    }

    @Test
    void anIntervalThatEndsBeforeItStartsIsRefused() {
        Exception refused = assertThrows(IllegalArgumentException.class, () -> new Interval(2, 1));

        assertEquals("An interval cannot end at 1 and start at 2.", refused.getMessage());
    }
}
