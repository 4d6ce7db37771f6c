"""Neighbour graphs of the training videos, for methods that preserve neighbourhoods (SSVH).

REQUIRED INPUTS: results/{dataset}/features/train.h5
OUTPUTS: results/{dataset}/neighbours/{graph}.h5, where `graph` encodes every setting: k10_e5 has the 10 nearest videos
and those of the 5 videos that share most neighbours
"""


rule find_neighbours:
    """Find the nearest neighbours of each training video, expanded by videos that share neighbours."""
    input:
        features=part("train"),
    output:
        neighbours=layout.neighbours("{dataset}", "{graph}"),
    log:
        "logs/find_neighbours/{dataset}_{graph}.log",
    benchmark:
        "logs/find_neighbours/{dataset}_{graph}.tsv"
    priority: BEFORE_TRAINING
    conda:
        "../envs/cpu.yaml"
    threads: threads_of_preparation
    resources:
        mem_mb=memory_of_preparation,
        runtime=1440,  # YFCC has nine times FCVID's videos, which takes 80 times as long
    params:
        options=neighbours_options,
        code=stage_digest("semantics.neighbours"),
    message:
        "Building the neighbour graph of the training videos of {wildcards.dataset}: {wildcards.graph}"
    shell:
        """
        exec &> >(tee {log:q})
        s5vh neighbours \
            --features {input.features:q} \
            {params.options} \
            --threads {threads} \
            --output {output.neighbours:q}
        """
