//! Counting words.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::io::{self, BufRead};

/// Words in lower case and how often each stands in a text: most frequent first, then A to Z.
///
/// # Errors
///
/// Those of reading; text that is not UTF-8 is one of them.
pub fn count_words(text: &mut dyn BufRead) -> io::Result<Vec<(String, usize)>> {
    let mut times = HashMap::<String, usize>::new();
    for line in text.lines() {
        for word in line?.split(|letter: char| !(letter.is_alphanumeric() || letter == '_')) {
            if !word.is_empty() {
                *times.entry(word.to_lowercase()).or_default() += 1;
            }
        }
    }
    let mut counted: Vec<_> = times.into_iter().collect();
    counted.sort_unstable_by(|(a, m), (b, n)| (Reverse(m), a).cmp(&(Reverse(n), b)));
    Ok(counted)
}
