"""Feature files of each part of a data set.

REQUIRED INPUTS: the papers' feature and label files (config/datasets/NAME.yaml says which), video files, or none for
the demo.
OUTPUTS: results/{dataset}/features/{train,database,query}.h5; a part that equals another one has no file of its own.
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
    conda:
        "../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=memory_of(),
        runtime=60,
    params:
        settings=lambda wildcards: planning.import_settings(wildcards.dataset, wildcards.part),
        code=stage_digest("data.importing"),
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
    conda:
        "../envs/cpu.yaml"
    threads: 2
    resources:
        mem_mb=4000,
        runtime=30,
    params:
        folder=subpath(output.train, parent=True),
        settings=lambda wildcards: planning.demo_settings(wildcards.dataset),
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
    conda:
        "../envs/cpu.yaml"
    threads: 8
    resources:
        gpu=planning.gpus_of_a_job(),
        mem_mb=6000,
        runtime=2880,
    params:
        folder=subpath(output.train, parent=True),
        settings=lambda wildcards: planning.extraction_settings(wildcards.dataset),
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
