//! The command `starter-name`.

use std::io::{stderr, stdin, stdout};
use std::process::ExitCode;

fn main() -> ExitCode {
    // What is no UTF-8 arrives with marks in its place: `args` would panic.
    let arguments: Vec<_> = std::env::args_os()
        .skip(1)
        .map(|argument| argument.to_string_lossy().into_owned())
        .collect();
    starter_name::command::run(
        &arguments,
        &mut stdin().lock(),
        &mut stdout().lock(),
        &mut stderr().lock(),
    )
    .into()
}
