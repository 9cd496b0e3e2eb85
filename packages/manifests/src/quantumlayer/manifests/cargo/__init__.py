"""Rust: Cargo.toml, workspaces, rust-toolchain."""
