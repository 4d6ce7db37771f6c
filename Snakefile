"""S5VH, rebuilt: from frame features to every table and figure of the paper, and the report on them.

`snakemake all` makes everything that can be made here; rules/collect.smk lists what else can be asked for by name.
Settings are in config/ (config/README.md describes every key), the machine's settings in profiles/.
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
    clustering=CLUSTERING_LABEL,
    graph=NEIGHBOURS_LABEL,
    part="train|database|query",
    clusters=r"\d+",
    bits=r"\d+",
    seed=r"\d+",


rule all:
    """Everything that can be made here: cells, tables, figures and the report."""
    input:
        report=layout.report(),
        tables=[layout.table(name) for name in TABLES],
        figures=[layout.figure(name) for name in FIGURES],


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


localrules:
    download,
    write_table,
    draw_figure,
    write_report,
