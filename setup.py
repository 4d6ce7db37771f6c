"""Adds the workflow to the package, so that it works without a checkout; everything else is in pyproject.toml."""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).resolve().parent
FOLDERS = ("config", "envs", "profiles", "rules", "workflow")
STRAY = shutil.ignore_patterns(".*", "~*", "#*", "*~", "__pycache__", "*.pyc")


class BuildWithWorkflow(build_py):
    """Copies the workflow to `s5vh/shipped`; an editable installation uses the checkout's own files."""

    def run(self) -> None:
        super().run()
        if self.editable_mode:
            return
        target = Path(self.build_lib) / "s5vh" / "shipped"
        shutil.rmtree(target, ignore_errors=True)
        for name in FOLDERS:
            shutil.copytree(ROOT / name, target / name, ignore=STRAY)
        shutil.copy2(ROOT / "Snakefile", target)


setup(cmdclass={"build_py": BuildWithWorkflow})
