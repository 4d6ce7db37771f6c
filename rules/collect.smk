"""Targets: `snakemake TARGET`. `snakemake --list-target-rules` prints their names.

all, report, tables, figures, models    everything, the report page, or all outputs of one kind
archive                                 the pages about the user's own videos
table1, table2, figure1a, figure3, ...  a single table or figure; `scaling` is figure1a with its tables. Those of papers
                                        that are not in `papers` are not part of `all`
departures                              ablation of the released code's departures from the paper; not part of `all`
ucf101, 16bit, ucf101_16bit             the scores on a data set, at a code length, or both
"""


rule report:
    """The report as one HTML page."""
    input:
        layout.report(),


rule archive:
    """A page about the videos of every archive, the data sets of kind `videos`."""
    input:
        [layout.archive(name) for name in RUN.archives],


rule tables:
    """Every table of the run, as csv, md and tex."""
    input:
        [exhibit.outputs() for exhibit in exhibits("table", RUN)],


rule figures:
    """Every figure of the run, as pdf and png, with the plotted numbers as csv."""
    input:
        [exhibit.outputs() for exhibit in exhibits("figure", RUN)],


rule models:
    """Every trained or fitted model; the part of the workflow that benefits from a GPU."""
    input:
        [layout.cell(*cell) / "model.safetensors" for cell in cells(RUN.config, RUN.everything)],


rule scaling:
    """Time and memory against sequence length, as figure and tables."""
    input:
        layout.figure("figure1a"),
        layout.table("efficiency"),
        layout.table("scaling_fits"),


for name in dict.fromkeys([*TABLES, *FIGURES]):

    rule:
        """A table, a figure, or both if they share the name."""
        name:
            name
        input:
            layout.table(name) if name in TABLES else [],
            layout.figure(name) if name in FIGURES else [],


for name, files in files_by_target(RUN).items():

    rule:
        """Scores of all cells on a data set, at a code length, or both."""
        name:
            name
        input:
            files,
