"""Hash centers: a code of K bits for each cluster, alike where clusters are alike (S5VH paper, equations 13 to 18).

REQUIRED INPUTS: results/{dataset}/semantics/c{clusters}.h5
OUTPUTS: results/{dataset}/centers/{solver}_c{clusters}_k{bits}.h5
"""


rule solve_centers:
    """Compute the hash centers of one code length with one solver."""
    input:
        semantics=layout.semantics("{dataset}", "{clusters}"),
    output:
        centers=layout.centers("{dataset}", "{solver}", "{clusters}", "{bits}"),
    log:
        "logs/solve_centers/{dataset}_{solver}_c{clusters}_k{bits}.log",
    benchmark:
        "logs/solve_centers/{dataset}_{solver}_c{clusters}_k{bits}.tsv"
    conda:
        "../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=60,
    params:
        code=stage_digest("centers.solve", "centers.store"),
    message:
        "Solving for {wildcards.clusters} hash centers of {wildcards.bits} bits on {wildcards.dataset}: {wildcards.solver}"
    shell:
        """
        exec &> >(tee {log:q})
        s5vh centers \
            --semantics {input.semantics:q} \
            --bits {wildcards.bits} \
            --solver {wildcards.solver:q} \
            --output {output.centers:q}
        """
