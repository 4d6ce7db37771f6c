"""Feature files of each part of a data set.

REQUIRED INPUTS: the papers' feature and label files (listed in config/datasets/NAME.yaml), video files, or none for the
demo. If a data set is requested by name, its missing files are downloaded, provided all of them can be automatically.
OUTPUTS: results/{dataset}/features/{train,database,query}.h5; a part that aliases another one has no file of its own.
"""


checkpoint download:
    """Download the missing files of one part of a data set; existing files are left untouched.

    The output is a receipt rather than the files themselves: Snakemake deletes outputs before a job and after a failed
    one, and it must never delete features, whether placed by hand or downloaded over hours. Hence a checkpoint: once
    the receipt exists, the import looks up its source files again.
    """
    output:
        receipt=layout.receipt("{dataset}", "{part}", "{missing}"),
    log:
        "logs/download/{dataset}_{part}_{missing}.log",
    benchmark:
        "logs/download/{dataset}_{part}_{missing}.tsv"
    wildcard_constraints:
        dataset=one_of(datasets_of_kind("papers")),
        missing="[0-9a-f]{8}",
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
    """Validate one part of a data set in the papers' layout and combine its features and labels in one file."""
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
        mem_mb=2000,  # files are read in blocks
        runtime=240,  # YFCC's training videos take 84 or 168 GB
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
    """Generate the built-in demo data set: clips, their features and thumbnails."""
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
    threads: 1
    resources:
        mem_mb=4000,
        runtime=30,
    params:
        folder=subpath(output.train, parent=True),
        settings=lambda wildcards: jobs.demo_settings(wildcards.dataset),
        code=stage_digest("data.demo"),
    message:
        "Generating the demo data set {wildcards.dataset}"
    shell:
        """
        exec &> >(tee {log:q})
        s5vh demo \
            --dataset {wildcards.dataset:q} \
            --output-dir {params.folder:q} \
            --threads {threads}
        """


rule extract_features:
    """Decode videos and extract frame features with an image network.

    Finished videos are kept in shards/. Neither that folder nor videos.csv, which lists failures, is a declared output,
    because Snakemake deletes the outputs of failed jobs. There may be too many videos to list as inputs, so a digest of
    them is a parameter instead.
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
        gpu=jobs.gpus_per_job(),
        mem_mb=6000,
        runtime=2880,
    params:
        folder=subpath(output.train, parent=True),
        settings=lambda wildcards: jobs.extraction_settings(wildcards.dataset),
        code=stage_digest("data.videos.stage"),
    message:
        "Extracting frame features from the videos of {wildcards.dataset}"
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
