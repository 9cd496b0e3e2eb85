package com.example.startername;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** What intervals cover together. */
public final class Intervals {

    private Intervals() {}

    /**
     * Gives the fewest intervals that cover the same numbers, in ascending order.
     *
     * <p>Those that overlap or share an end become one. Takes O(n log n) time.
     *
     * @param intervals any intervals, in any order
     * @return a list that cannot be changed
     */
    public static List<Interval> merged(Collection<Interval> intervals) {
        List<Interval> found = new ArrayList<>();
        for (Interval each : intervals.stream().sorted(Comparator.comparingLong(Interval::start)).toList()) {
            int last = found.size() - 1;
            if (last >= 0 && found.get(last).contains(each.start())) {
                Interval before = found.get(last);
                found.set(last, new Interval(before.start(), Math.max(before.end(), each.end())));
            } else {
                found.add(each);
            }
        }
        return List.copyOf(found);
    }
}
