"""S5VH reproduction: from frame features to every table and figure of the paper, and a report on them.

`snakemake all` builds everything the available data allows; rules/collect.smk lists the other targets. Settings are in
config/ (config/README.md describes every key), machine-specific settings in profiles/.
"""

from snakemake.utils import min_version

min_version("9.0")


include: "rules/common.smk"


configfile: SHIPPED_CONFIG


if OWN_CONFIG:

    configfile: OWN_CONFIG


RUN = read_run(config)


report: "workflow/report/workflow.rst"


wildcard_constraints:
    dataset=one_of(names("datasets")),
    train=one_of(names("datasets")),
    test=one_of(names("datasets")),
    method=jobs.method_pattern(names("methods")),
    solver=one_of(SOLVERS),
    limit=r"(-\d+s)?",
    own_seed=r"(-seed\d+)?",
    clustering=CLUSTERING_LABEL,
    graph=NEIGHBOURS_LABEL,
    part="train|database|query",
    clusters=r"\d+",
    bits=r"\d+",
    seed=r"\d+",
    seeds=r"\d+",


onstart:
    lock_run()
    share_imports_of_jobs()


rule all:
    """Everything the available data allows: cells, tables, figures, the report and pages about own videos."""
    input:
        report=layout.report(),
        archives=[layout.archive(name) for name in RUN.archives],
        tables=[exhibit.outputs() for exhibit in exhibits("table", RUN)],
        figures=[exhibit.outputs() for exhibit in exhibits("figure", RUN)],


include: "rules/collect.smk"
include: "rules/data.smk"
include: "rules/semantics.smk"
include: "rules/centers.smk"
include: "rules/neighbours.smk"
include: "rules/train.smk"
include: "rules/evaluate.smk"
include: "rules/efficiency.smk"
include: "rules/tables.smk"
include: "rules/figures.smk"
include: "rules/report.smk"
include: "rules/archive.smk"


localrules:
    download,
    write_table,
    draw_figure,
    write_report,
