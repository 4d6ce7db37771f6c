"""Pages about the user's own videos.

REQUIRED INPUTS: codes and, if the videos have labels, scores of the methods of `archive`; feature files, thumbnails.
The video files are read, too, as far as they are there.
OUTPUTS: results/{dataset}/archive.html
"""


rule write_archive:
    """One self-contained HTML page: groups of similar videos, near-duplicates, outliers, scores, unreadable files."""
    input:
        results=inputs_of_archive,
    output:
        page=report(
            layout.archive("{dataset}"),
            caption="../workflow/report/archive.rst",
            category="Report",
            labels={"title": "What is in the archive", "item": "{dataset}", "kind": "page"},
        ),
    log:
        "logs/write_archive/{dataset}.log",
    benchmark:
        "logs/write_archive/{dataset}.tsv"
    wildcard_constraints:
        dataset=one_of(RUN.archives),
    conda:
        "../envs/cpu.yaml"
    threads: 2
    resources:
        mem_mb=4000,
        runtime=60,
    params:
        run=RUN.to_json(),
        settings=settings_of_run(),
        code=archive_digest(),
    message:
        "Writing the page about the videos of {wildcards.dataset}"
    shell:
        """
        exec &> >(tee {log:q})
        s5vh archive {wildcards.dataset:q} --run {params.run:q} --threads {threads}
        """
