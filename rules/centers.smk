"""Hash centers: one K-bit code per cluster; similar clusters get similar codes (S5VH paper, equations 13 to 18).

REQUIRED INPUTS: results/{dataset}/semantics/{clustering}.h5
OUTPUTS: results/{dataset}/centers/{solver}{limit}{own_seed}_{clustering}_k{bits}.h5
         results/solver_study/{solver}{limit}_c{clusters}_k{bits}_seed{seed}.h5 (no input needed)
         results/solver_study/centering_{solver}{limit}_c{clusters}_k{bits}_{seeds}seeds.json (no input needed)

`limit` is the solver's time limit, if it has one (e.g. `-120s`), `own_seed` its seed, if it is not the default (e.g.
`-seed2`); `clustering` is explained in semantics.smk.
"""


rule solve_centers:
    """Compute the hash centers for one code length with one solver."""
    input:
        semantics=layout.semantics("{dataset}", "{clustering}"),
    output:
        centers=layout.centers("{dataset}", "{solver}{limit}{own_seed}", "{clustering}", "{bits}"),
    log:
        "logs/solve_centers/{dataset}_{solver}{limit}{own_seed}_{clustering}_k{bits}.log",
    benchmark:
        "logs/solve_centers/{dataset}_{solver}{limit}{own_seed}_{clustering}_k{bits}.tsv"
    priority: BEFORE_TRAINING
    conda:
        "../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=60,
    params:
        solver=solver_options,
        code=stage_digest("centers.solve", "centers.centers_file"),
    message:
        "Solving for {wildcards.bits}-bit hash centers on {wildcards.dataset}, {wildcards.clustering}: {wildcards.solver}{wildcards.limit}{wildcards.own_seed}"
    shell:
        """
        exec &> >(tee {log:q})
        s5vh centers \
            --semantics {input.semantics:q} \
            --bits {wildcards.bits} \
            {params.solver} \
            --output {output.centers:q}
        """


rule study_solver:
    """Compute hash centers of synthetic clusters, to compare solvers at sizes for which no features are available."""
    output:
        centers=layout.solver_study("{solver}{limit}", "{clusters}", "{bits}", "{seed}"),
    log:
        "logs/study_solver/{solver}{limit}_c{clusters}_k{bits}_seed{seed}.log",
    benchmark:
        "logs/study_solver/{solver}{limit}_c{clusters}_k{bits}_seed{seed}.tsv"
    conda:
        "../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=60,
    params:
        solver=solver_options,
        code=stage_digest("studies.solver_study"),
    message:
        "Solving for {wildcards.bits}-bit hash centers of {wildcards.clusters} synthetic clusters, seed {wildcards.seed}: {wildcards.solver}{wildcards.limit}"
    shell:
        """
        exec &> >(tee {log:q})
        s5vh solver-study \
            --clusters {wildcards.clusters} \
            --bits {wildcards.bits} \
            --seed {wildcards.seed} \
            {params.solver} \
            --output {output.centers:q}
        """


rule study_centering:
    """Compare the hash centers of centered and of uncentered synthetic features, with several seeds."""
    output:
        results=layout.centering_study("{solver}{limit}", "{clusters}", "{bits}", "{seeds}"),
    log:
        "logs/study_centering/{solver}{limit}_c{clusters}_k{bits}_{seeds}seeds.log",
    benchmark:
        "logs/study_centering/{solver}{limit}_c{clusters}_k{bits}_{seeds}seeds.tsv"
    conda:
        "../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=60,
    params:
        solver=solver_options,
        code=stage_digest("studies.solver_study"),
    message:
        "Solving for {wildcards.bits}-bit hash centers of {wildcards.clusters} synthetic clusters, centered and not, {wildcards.seeds} seeds: {wildcards.solver}{wildcards.limit}"
    shell:
        """
        exec &> >(tee {log:q})
        s5vh centering-study \
            --clusters {wildcards.clusters} \
            --bits {wildcards.bits} \
            --seeds {wildcards.seeds} \
            {params.solver} \
            --output {output.results:q}
        """
