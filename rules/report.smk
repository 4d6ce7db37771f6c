"""The report.

REQUIRED INPUTS: the inputs of all tables, and the figures as png
OUTPUTS: results/report.html
"""


rule write_report:
    """One self-contained HTML page: what ran, every figure and table, and settings that differ from the defaults."""
    input:
        results=report_inputs(RUN),
        published=jobs.published_files(),
    output:
        page=report(
            layout.report(),
            caption="../workflow/report/page.rst",
            category="Report",
            labels={"title": "Everything on one page", "item": "report", "kind": "page"},
        ),
    log:
        "logs/write_report.log",
    benchmark:
        "logs/write_report.tsv"
    conda:
        "../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=4000,
        runtime=10,
    params:
        run=RUN.to_json(),
        settings=settings_of_run(),
        code=reporting_digest(),
    message:
        "Writing the report"
    shell:
        """
        exec &> >(tee {log:q})
        s5vh report --run {params.run:q}
        """
