"""Clusters of the training videos (S5VH paper, section on self-supervised global learning).

REQUIRED INPUTS: results/{dataset}/features/train.h5
OUTPUTS: results/{dataset}/semantics/c{clusters}.h5
"""


rule cluster_videos:
    """Cluster the time-averaged features of the training videos: pseudo-labels, and how alike the clusters are."""
    input:
        features=part("train"),
    output:
        semantics=layout.semantics("{dataset}", "{clusters}"),
    log:
        "logs/cluster_videos/{dataset}_c{clusters}.log",
    benchmark:
        "logs/cluster_videos/{dataset}_c{clusters}.tsv"
    conda:
        "../envs/cpu.yaml"
    threads: 2
    resources:
        mem_mb=memory_of(),
        runtime=60,
    params:
        pca=pca_option,
        code=stage_digest("semantics.clustering", "semantics.store"),
    message:
        "Clustering the training videos of {wildcards.dataset}: {wildcards.clusters} clusters"
    shell:
        """
        exec &> >(tee {log:q})
        s5vh semantics \
            --features {input.features:q} \
            --clusters {wildcards.clusters} \
            {params.pca} \
            --threads {threads} \
            --output {output.semantics:q}
        """
