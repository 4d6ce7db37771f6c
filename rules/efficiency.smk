"""Time and memory against sequence length (S5VH paper, Figure 1a), with random weights and features.

REQUIRED INPUTS: none
OUTPUTS: results/efficiency/{method}.csv, results/efficiency/fit.json
"""


rule measure_efficiency:
    """Measure one network while nothing else runs."""
    output:
        measurements=layout.efficiency("{method}"),
    log:
        "logs/measure_efficiency/{method}.log",
    benchmark:
        "logs/measure_efficiency/{method}.tsv"
    wildcard_constraints:
        method=methods_where(trained=True),
    conda:
        "../envs/cpu.yaml"
    # More than any machine has: Snakemake caps this at all cores, so no other job disturbs the measurement.
    threads: 1024
    resources:
        gpu=jobs.gpus_per_job(),
        mem_mb=16000,
        runtime=120,
    params:
        settings=efficiency_settings(),
        network=step_settings,
        code=code_of_cell("studies.efficiency"),
    message:
        "Measuring time and memory of {wildcards.method} against sequence length"
    shell:
        """
        exec &> >(tee {log:q})
        s5vh efficiency \
            --method {wildcards.method:q} \
            --settings {params.settings:q} \
            --threads {threads} \
            --output {output.measurements:q}
        """


rule fit_efficiency:
    """Fit linear and quadratic models to the measurements of all networks."""
    input:
        measurements=[layout.efficiency(method) for method in RUN.config.efficiency.methods],
    output:
        fits=layout.efficiency_fit(),
    log:
        "logs/fit_efficiency.log",
    benchmark:
        "logs/fit_efficiency.tsv"
    conda:
        "../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=10,
    params:
        code=stage_digest("studies.scaling_fits"),
    message:
        "Fitting time and memory against sequence length"
    shell:
        """
        exec &> >(tee {log:q})
        s5vh efficiency-fit --output {output.fits:q} {input.measurements:q}
        """
