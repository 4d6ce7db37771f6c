"""Figures, each with the plotted numbers.

REQUIRED INPUTS: what s5vh.reporting.catalog declares for the figure; config/published/*
OUTPUTS: results/figures/{name}.pdf, .png and .csv
"""


rule draw_figure:
    """Draw a figure and save the numbers it shows."""
    input:
        results=lambda wildcards: inputs_for("figure", wildcards.name),
        published=jobs.published_files(),
    output:
        pdf=FIGURE["pdf"],
        png=report(
            FIGURE["png"],
            caption="../workflow/report/figure.rst",
            category=paper_of_exhibit("figure"),
            subcategory=topic_of_exhibit("figure"),
            labels=labels_of_exhibit("figure"),
        ),
        csv=FIGURE["csv"],
    log:
        "logs/draw_figure/{name}.log",
    benchmark:
        "logs/draw_figure/{name}.tsv"
    wildcard_constraints:
        name=one_of(FIGURES),
    conda:
        "../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=4000,
        runtime=10,
    params:
        title=lambda wildcards: catalog.find("figure", wildcards.name).heading,
        run=RUN.to_json(),
        settings=settings_of_run(),
        code=reporting_digest(),
    message:
        "Drawing figure {wildcards.name}"
    shell:
        """
        exec &> >(tee {log:q})
        s5vh figure {wildcards.name:q} --run {params.run:q}
        """
