"""The methods: one folder each, found by the `implementation` key of a method's configuration file.

Your own methods can be placed in `methods/` in the working directory, next to its `config/`. This package is searched
first. docs/extending.md shows a complete example.
"""

from pathlib import Path

__path__ = [*__path__, str(Path("methods").resolve())]
