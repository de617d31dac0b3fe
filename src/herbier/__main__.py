"""`python -m herbier`: the command line."""

from herbier.cli import main

if __name__ == "__main__":
    main(prog_name="herbier")
