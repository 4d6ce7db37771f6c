"""Write the lock files from the packages installed in this environment: `make lock`.

cpu.lock.txt holds everything the software needs and the extra `videos`, so that own videos can be tried without a
download; dev.lock.txt what tests and checks need on top, docs.lock.txt what `make docs` needs. Only versions are
pinned, so pip takes the wheel that suits the machine; a local version label such as +cpu is dropped. triton.lock.txt is
for builds of PyTorch that do not bring triton along: the others ask for a version of their own.
"""

import re
import tomllib
from importlib import metadata
from pathlib import Path

HERE = Path(__file__).parent
HEADER = "# Written by `make lock` from pyproject.toml and an environment in which all tests pass. Do not edit.\n"


def wanted(requirements: list[str], extra: str = "") -> list[tuple[str, set[str]]]:
    """(name, extras) of the requirements that apply here."""
    from packaging.requirements import Requirement

    parsed = [Requirement(line) for line in requirements]
    return [(r.name, set(r.extras)) for r in parsed if r.marker is None or r.marker.evaluate({"extra": extra})]


def closure(requirements: list[str]) -> dict[str, str]:
    """Versions of the requirements and of all they need, by normalised name."""
    found: dict[str, str] = {}
    queue = wanted(requirements)
    while queue:
        name, extras = queue.pop()
        key = re.sub(r"[-_.]+", "-", name).lower()
        distribution = metadata.distribution(name)
        if key not in found or extras:
            found[key] = distribution.version.split("+")[0]
            for extra in {"", *extras}:
                queue += [item for item in wanted(distribution.requires or [], extra) if item[0].lower() not in found]
    return found


def write(path: Path, versions: dict[str, str], first: str = "") -> None:
    lines = [f"{name}=={version}\n" for name, version in sorted(versions.items())]
    path.write_text(HEADER + first + "".join(lines))


project = tomllib.loads((HERE.parent / "pyproject.toml").read_text())["project"]
base = closure(project["dependencies"] + project["optional-dependencies"]["videos"])
dev = closure(project["optional-dependencies"]["dev"])
write(HERE / "cpu.lock.txt", base)
added = {name: version for name, version in dev.items() if name not in base}
write(HERE / "triton.lock.txt", {"triton": added.pop("triton")})
write(HERE / "dev.lock.txt", added)
docs = closure(project["optional-dependencies"]["docs"])
write(HERE / "docs.lock.txt", {name: version for name, version in docs.items() if name not in base | dev})
