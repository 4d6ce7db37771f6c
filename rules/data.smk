"""Feature files of each part of a data set.

REQUIRED INPUTS: the papers' feature and label files (config/datasets/NAME.yaml says which), video files, or none for
the demo. Missing files of a data set that is asked for by name are downloaded where a program can get all of them.
OUTPUTS: results/{dataset}/features/{train,database,query}.h5; a part that equals another one has no file of its own.
"""


checkpoint download:
    """Get the missing files of one part of a data set; what is there already is not touched.

    The output is a receipt and not the files: Snakemake deletes outputs, before a job and after one that failed, and
    nobody's features may be deleted, whether they were put there by hand or downloaded for hours. So this is a
    checkpoint: the import learns that the files have come when the receipt has.
    """
    output:
        receipt=layout.receipt("{dataset}", "{part}", "{absent}"),
    log:
        "logs/download/{dataset}_{part}_{absent}.log",
    benchmark:
        "logs/download/{dataset}_{part}_{absent}.tsv"
    wildcard_constraints:
        dataset=one_of(datasets_of_kind("papers")),
        absent="[0-9a-f]{8}",
    priority: BEFORE_TRAINING
    conda:
        "../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=2880,
    params:
        code=stage_digest("data.download.download"),
    message:
        "Downloading the {wildcards.part} files of {wildcards.dataset}"
    shell:
        """
        exec &> >(tee {log:q})
        s5vh download {wildcards.dataset:q} \
            --part {wildcards.part:q} \
            --receipt {output.receipt:q}
        """


rule import_features:
    """Check one part of a data set in the papers' layout, and bring its features and labels into one file."""
    input:
        sources=sources_of_part,
    output:
        features=layout.features("{dataset}", "{part}"),
    log:
        "logs/import_features/{dataset}_{part}.log",
    benchmark:
        "logs/import_features/{dataset}_{part}.tsv"
    wildcard_constraints:
        dataset=one_of(datasets_of_kind("papers")),
    priority: BEFORE_TRAINING
    conda:
        "../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=memory_of(),
        runtime=60,
    params:
        settings=lambda wildcards: jobs.import_settings(wildcards.dataset, wildcards.part),
        code=stage_digest("data.import_features"),
    message:
        "Importing the {wildcards.part} features of {wildcards.dataset}"
    shell:
        """
        exec &> >(tee {log:q})
        s5vh features \
            --dataset {wildcards.dataset:q} \
            --part {wildcards.part:q} \
            --output {output.features:q}
        """


rule make_demo:
    """Make the embedded demo corpus: clips, their features and small pictures of them."""
    output:
        train=layout.features("{dataset}", "train"),
        query=layout.features("{dataset}", "query"),
        thumbnails=layout.thumbnails("{dataset}"),
    log:
        "logs/make_demo/{dataset}.log",
    benchmark:
        "logs/make_demo/{dataset}.tsv"
    wildcard_constraints:
        dataset=one_of(datasets_of_kind("demo")),
    priority: BEFORE_TRAINING
    conda:
        "../envs/cpu.yaml"
    threads: 2
    resources:
        mem_mb=4000,
        runtime=30,
    params:
        folder=subpath(output.train, parent=True),
        settings=lambda wildcards: jobs.demo_settings(wildcards.dataset),
        code=stage_digest("data.demo"),
    message:
        "Making the demo corpus {wildcards.dataset}"
    shell:
        """
        exec &> >(tee {log:q})
        s5vh demo \
            --dataset {wildcards.dataset:q} \
            --output-dir {params.folder:q} \
            --threads {threads}
        """


rule extract_features:
    """Decode videos and make frame features of them with an image network.

    Finished videos are kept in shards/, which is no declared output, because Snakemake deletes the outputs of a job that
    fails; nor is videos.csv, which says why it failed. The videos themselves are many, so a digest of them is a parameter.
    """
    output:
        train=layout.features("{dataset}", "train"),
        query=layout.features("{dataset}", "query"),
        thumbnails=layout.thumbnails("{dataset}"),
    log:
        "logs/extract_features/{dataset}.log",
    benchmark:
        "logs/extract_features/{dataset}.tsv"
    wildcard_constraints:
        dataset=one_of(datasets_of_videos("train")),
    priority: BEFORE_TRAINING
    conda:
        "../envs/cpu.yaml"
    threads: 8
    resources:
        gpu=jobs.gpus_of_a_job(),
        mem_mb=6000,
        runtime=2880,
    params:
        folder=subpath(output.train, parent=True),
        settings=lambda wildcards: jobs.extraction_settings(wildcards.dataset),
        code=stage_digest("data.videos.stage"),
    message:
        "Extracting the features of the videos of {wildcards.dataset}"
    shell:
        """
        exec &> >(tee {log:q})
        s5vh extract \
            --dataset {wildcards.dataset:q} \
            --threads {threads} \
            --output-dir {params.folder:q}
        """


use rule extract_features as extract_three_parts with:
    output:
        train=layout.features("{dataset}", "train"),
        database=layout.features("{dataset}", "database"),
        query=layout.features("{dataset}", "query"),
        thumbnails=layout.thumbnails("{dataset}"),
    wildcard_constraints:
        dataset=one_of(datasets_of_videos("own")),
