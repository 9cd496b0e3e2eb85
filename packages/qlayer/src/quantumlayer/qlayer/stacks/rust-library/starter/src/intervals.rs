use std::error::Error;
use std::fmt;

/// All numbers from a start to an end, both of them included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Interval {
    start: i64,
    end: i64,
}

/// An interval would end before it starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backwards {
    start: i64,
    end: i64,
}

impl fmt::Display for Backwards {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "an interval cannot end at {} and start at {}",
            self.end, self.start
        )
    }
}

impl Error for Backwards {}

impl Interval {
    /// An interval.
    ///
    /// # Errors
    ///
    /// `Backwards` where it would end before it starts.
    pub fn new(start: i64, end: i64) -> Result<Self, Backwards> {
        if end < start {
            Err(Backwards { start, end })
        } else {
            Ok(Self { start, end })
        }
    }

    /// Whether a number lies in it.
    #[must_use]
    pub fn contains(self, number: i64) -> bool {
        (self.start..=self.end).contains(&number)
    }
}

/// The fewest intervals that cover the same numbers, in ascending order.
///
/// Those that overlap or share an end become one. Takes O(n log n) time.
#[must_use]
pub fn merged(intervals: impl IntoIterator<Item = Interval>) -> Vec<Interval> {
    let mut sorted: Vec<_> = intervals.into_iter().collect();
    sorted.sort_unstable();
    let mut found: Vec<Interval> = Vec::with_capacity(sorted.len());
    for each in sorted {
        match found.last_mut() {
            Some(last) if last.contains(each.start) => last.end = last.end.max(each.end),
            _ => found.push(each),
        }
    }
    found
}
