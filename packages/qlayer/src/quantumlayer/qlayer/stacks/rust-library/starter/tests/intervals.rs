//! The public face, as users see it.

use starter_name::{Backwards, Interval, merged};

fn intervals(ends: &[(i64, i64)]) -> Result<Vec<Interval>, Backwards> {
    ends.iter()
        .map(|&(start, end)| Interval::new(start, end))
        .collect()
}

#[test]
fn what_overlaps_is_merged() -> Result<(), Backwards> {
    let cases: [(&[_], &[_]); 4] = [
        (&[], &[]),
        (&[(5, 7), (1, 3)], &[(1, 3), (5, 7)]),
        (&[(1, 3), (3, 4)], &[(1, 4)]),
        (&[(1, 9), (2, 3)], &[(1, 9)]),
    ];
    for (given, expected) in cases {
        assert_eq!(merged(intervals(given)?), intervals(expected)?, "{given:?}");
    }
    Ok(())
}

#[test]
fn merging_covers_the_same_numbers() -> Result<(), Backwards> {
    let ends: Vec<_> = (0..5)
        .flat_map(|start| (start..5).map(move |end| (start, end)))
        .collect();
    let every = intervals(&ends)?;
    for (one, other) in every
        .iter()
        .flat_map(|one| every.iter().map(move |other| (*one, *other)))
    {
        let found = merged([one, other]);
        for number in -1..6 {
            assert_eq!(
                found.iter().any(|each| each.contains(number)),
                one.contains(number) || other.contains(number),
                "{one:?} and {other:?} at {number}"
            );
        }
    }
    Ok(())
}

#[test]
fn an_interval_that_ends_before_it_starts_is_refused() {
    let refused = Interval::new(2, 1).map_err(|error| error.to_string());

    assert_eq!(
        refused,
        Err("an interval cannot end at 1 and start at 2".to_owned())
    );
}
