"""What `s5vh doctor` says of the workflow itself: all made, something to do, a mistake."""

from __future__ import annotations

import json

from workflow_help import ROOT, s5vh


def plan(folder):
    done = s5vh(folder, "doctor", "--json")
    assert done.returncode == 0, done.stdout
    return json.loads(done.stdout)["plan"]


def test_the_plan_is_what_snakemake_would_do(workspace):
    (workspace / "Snakefile").write_text(f'include: "{ROOT / "Snakefile"}"\n')
    assert plan(workspace) == {"datasets": ["toy"], "archives": {}, "jobs": {}}
    (workspace / "results/report.html").unlink()
    assert plan(workspace) == {"datasets": ["toy"], "archives": {}, "jobs": {"write_report": 1}}
    with (workspace / "config/config.yaml").open("a") as file:
        file.write("colour: red\n")
    assert "colour" in plan(workspace)["error"]
