"""Clusters of the training videos (S5VH paper, section on self-supervised global learning).

REQUIRED INPUTS: results/{dataset}/features/train.h5
OUTPUTS: results/{dataset}/semantics/c{clusters}.h5, and c{clusters}_released.h5 as the released code clusters
"""


rule cluster_videos:
    """Cluster the time-averaged features of the training videos: pseudo-labels, and how alike the clusters are."""
    input:
        features=part("train"),
    output:
        semantics=layout.semantics("{dataset}", "{clusters}", variant="{variant}"),
    log:
        "logs/cluster_videos/{dataset}_c{clusters}{variant}.log",
    benchmark:
        "logs/cluster_videos/{dataset}_c{clusters}{variant}.tsv"
    priority: BEFORE_TRAINING
    conda:
        "../envs/cpu.yaml"
    threads: 2
    resources:
        mem_mb=memory_of(),
        runtime=60,
    params:
        pca=pca_option,
        recipe=recipe_option,
        code=stage_digest("semantics.clustering", "semantics.released", "semantics.store"),
    message:
        "Clustering the training videos of {wildcards.dataset}: {wildcards.clusters}{wildcards.variant} clusters"
    shell:
        """
        exec &> >(tee {log:q})
        s5vh semantics \
            --features {input.features:q} \
            --clusters {wildcards.clusters} \
            {params.pca} \
            {params.recipe} \
            --threads {threads} \
            --output {output.semantics:q}
        """
