"""The work on a vault as a whole: opening it, the workers, the build, and what is known from the last time."""
