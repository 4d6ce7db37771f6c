"""Clusters of the training videos (S5VH paper, section on self-supervised global learning).

REQUIRED INPUTS: results/{dataset}/features/train.h5
OUTPUTS: results/{dataset}/semantics/{clustering}.h5, where `clustering` encodes every setting: c100_pca512 is 100
clusters of time-averaged features after PCA to 512 dimensions, c100 the same without PCA, c100_uncentered without
subtracting the mean of all videos either, c100_pca512_dct5 clusters of another temporal summary (as are mean_std and
flat), c100_released and c100_lloyd the clusterings of the S5VH and of the MCMSH authors' code, and c100_seed2 that of
another seed than 1
"""


rule cluster_videos:
    """Cluster temporal summaries, by default averages, of the training videos: pseudo-labels and cluster similarities."""
    input:
        features=part("train"),
    output:
        semantics=layout.semantics("{dataset}", "{clustering}"),
    log:
        "logs/cluster_videos/{dataset}_{clustering}.log",
    benchmark:
        "logs/cluster_videos/{dataset}_{clustering}.tsv"
    priority: BEFORE_TRAINING
    conda:
        "../envs/cpu.yaml"
    threads: threads_of_preparation
    resources:
        mem_mb=memory_of_preparation,
        runtime=60,
    params:
        options=clustering_options,
        code=stage_digest("semantics.recipes", "semantics.semantics_file"),
    message:
        "Clustering the training videos of {wildcards.dataset}: {wildcards.clustering}"
    shell:
        """
        exec &> >(tee {log:q})
        s5vh semantics \
            --features {input.features:q} \
            {params.options} \
            --threads {threads} \
            --output {output.semantics:q}
        """
