//! The command line: arguments in, text and an exit status out.

use std::fmt;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};

use crate::counting::count_words;

const USAGE: &str = "\
usage: starter-name count [--most N] FILE

Lists the most frequent words of FILE, or of standard input for -, with how
often each stands there.

  --most N   how many words to list (10)
";

enum Failure {
    Usage,
    Told(String),
    Closed,
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            Self::Closed
        } else {
            Self::Told(error.to_string())
        }
    }
}

/// Do what the arguments say: the exit status.
pub fn run(
    arguments: &[String],
    input: &mut dyn BufRead,
    output: &mut dyn Write,
    complaints: &mut dyn Write,
) -> u8 {
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["--help"] => output.write_all(USAGE.as_bytes()).map_err(Failure::from),
        ["count", path] => count(path, 10, input, output),
        ["count", "--most", number, path] => match number.parse() {
            Ok(most) if most > 0 => count(path, most, input, output),
            _ => Err(Failure::Usage),
        },
        _ => Err(Failure::Usage),
    };
    match done {
        Ok(()) | Err(Failure::Closed) => 0,
        Err(Failure::Usage) => told(complaints, &USAGE, 2),
        Err(Failure::Told(reason)) => told(complaints, &format!("starter-name: {reason}\n"), 1),
    }
}

fn told(complaints: &mut dyn Write, what: &impl fmt::Display, status: u8) -> u8 {
    // Nobody is left to be told that nothing can be told.
    let _ = write!(complaints, "{what}");
    status
}

fn count(
    path: &str,
    most: usize,
    input: &mut dyn BufRead,
    output: &mut dyn Write,
) -> Result<(), Failure> {
    let named = |error: io::Error| Failure::Told(format!("{path}: {error}"));
    let counted = if path == "-" {
        count_words(input)
    } else {
        count_words(&mut BufReader::new(File::open(path).map_err(named)?))
    };
    for (word, times) in counted.map_err(named)?.iter().take(most) {
        writeln!(output, "{times}\t{word}")?;
    }
    Ok(output.flush()?)
}
