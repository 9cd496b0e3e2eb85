"""`python -m starter_name` is the command."""

from starter_name.commands import main

if __name__ == "__main__":
    main(prog_name="starter-name")
