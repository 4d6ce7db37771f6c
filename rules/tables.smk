"""Tables of our results next to the published ones.

REQUIRED INPUTS: what s5vh.reporting.catalog declares for the table; config/published/*
OUTPUTS: results/tables/{name}.csv, .md and .tex
"""


rule write_table:
    """Write a table as Markdown, LaTeX and CSV."""
    input:
        results=lambda wildcards: inputs_for("table", wildcards.name),
        published=jobs.published_files(),
    output:
        csv=report(
            TABLE["csv"],
            caption="../workflow/report/table.rst",
            category=paper_of_exhibit("table"),
            subcategory=topic_of_exhibit("table"),
            labels=labels_of_exhibit("table"),
        ),
        md=TABLE["md"],
        tex=TABLE["tex"],
    log:
        "logs/write_table/{name}.log",
    benchmark:
        "logs/write_table/{name}.tsv"
    wildcard_constraints:
        name=one_of(TABLES),
    conda:
        "../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=10,
    params:
        title=lambda wildcards: catalog.find("table", wildcards.name).heading,
        run=RUN.to_json(),
        settings=settings_of_run(),
        code=reporting_digest(),
    message:
        "Writing table {wildcards.name}"
    shell:
        """
        exec &> >(tee {log:q})
        s5vh table {wildcards.name:q} --run {params.run:q}
        """
