"""The methods: one folder each, found by the name that a method's file gives as `implementation`.

Methods of your own may stand in a folder `methods/` of the working directory, beside its `config/`: they are found like
those of this package, which is searched first. docs/extending.md shows a complete one.
"""

from pathlib import Path

__path__ = [*__path__, str(Path("methods").resolve())]
