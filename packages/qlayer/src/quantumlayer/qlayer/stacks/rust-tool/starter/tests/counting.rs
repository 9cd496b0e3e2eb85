//! What counting gives.

use starter_name::counting::count_words;

#[test]
fn words_are_counted() {
    let cases: [(&str, &[(&str, usize)]); 4] = [
        ("", &[]),
        ("  \n!?", &[]),
        ("b c\nB a", &[("b", 2), ("a", 1), ("c", 1)]),
        ("größer Größer", &[("größer", 2)]),
    ];
    for (text, expected) in cases {
        let counted = count_words(&mut text.as_bytes()).unwrap_or_default();
        let shown: Vec<_> = counted
            .iter()
            .map(|(word, times)| (word.as_str(), *times))
            .collect();
        assert_eq!(shown, expected, "{text:?}");
    }
}
