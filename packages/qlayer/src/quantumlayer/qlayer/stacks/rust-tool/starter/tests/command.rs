//! The command as users meet it.

use starter_name::command::run;

fn ran(arguments: &[&str], input: &[u8]) -> (u8, String, String) {
    let words: Vec<_> = arguments.iter().map(ToString::to_string).collect();
    let (mut output, mut complaints) = (Vec::new(), Vec::new());
    let status = run(&words, &mut &*input, &mut output, &mut complaints);
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    (status, text(output), text(complaints))
}

#[test]
fn the_most_frequent_words_come_first() {
    let done = ran(&["count", "--most", "1", "-"], b"tea milk tea\n");

    assert_eq!(done, (0, "2\ttea\n".to_owned(), String::new()));
}

#[test]
fn what_cannot_be_read_is_told_in_a_sentence() {
    for (path, input) in [("no-such-file", &b""[..]), ("-", &b"\xff\xfe"[..])] {
        let (status, output, complaint) = ran(&["count", path], input);

        assert_eq!((status, output.as_str()), (1, ""));
        assert!(
            complaint.starts_with(&format!("starter-name: {path}: ")),
            "{complaint}"
        );
    }
}

#[test]
fn wrong_usage_has_a_status_of_its_own() {
    for words in [
        &["guess"][..],
        &["count"],
        &["count", "--most", "0", "-"],
        &[],
    ] {
        let (status, output, complaint) = ran(words, b"");

        assert_eq!((status, output.as_str()), (2, ""), "{words:?}");
        assert!(complaint.starts_with("usage: "), "{complaint}");
    }
    assert_eq!(ran(&["--help"], b"").0, 0);
}

#[cfg(unix)]
#[test]
fn the_program_refuses_arguments_that_are_no_text() {
    use std::os::unix::ffi::OsStrExt;

    let done = std::process::Command::new(env!("CARGO_BIN_EXE_starter-name"))
        .arg(std::ffi::OsStr::from_bytes(b"\xff"))
        .output()
        .expect("the program is there");

    assert_eq!(done.status.code(), Some(2));
}
