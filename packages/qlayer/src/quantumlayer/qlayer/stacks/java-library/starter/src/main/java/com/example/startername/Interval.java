package com.example.startername;

/**
 * All numbers from a start to an end, both of them included.
 *
 * @param start the smallest number
 * @param end the largest number
 */
public record Interval(long start, long end) {

    /**
     * Makes an interval.
     *
     * @throws IllegalArgumentException if it would end before it starts
     */
    public Interval {
        if (end < start) {
            throw new IllegalArgumentException(
                    "An interval cannot end at %d and start at %d.".formatted(end, start));
        }
    }

    /**
     * Tells whether a number lies in the interval.
     *
     * @param number any number
     * @return whether the start is not above it and the end not below it
     */
    public boolean contains(long number) {
        return start <= number && number <= end;
    }
}
