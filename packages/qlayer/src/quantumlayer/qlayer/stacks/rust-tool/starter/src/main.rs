//! The command `starter-name`.

use std::io::{stderr, stdin, stdout};
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    starter_name::command::run(
        &arguments,
        &mut stdin().lock(),
        &mut stdout().lock(),
        &mut stderr().lock(),
    )
    .into()
}
