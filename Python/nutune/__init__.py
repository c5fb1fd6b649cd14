"""NuTune from Python: cross sections, oscillation probabilities, far-detector likelihoods and whole runs, in NumPy arrays.

Units everywhere: energies in GeV, structure functions in GeV⁻¹ per nucleon, cross sections in 10⁻³⁸ cm² per nucleon
(and per GeV), lengths in km, densities in g/cm³, mass splittings in eV², angles in radians.

    import nutune

    study = nutune.Study("dune-closure")
    far = study.likelihood("truth")
    far.minus_two_log_likelihood([0.5, 2.45e-3])
"""

from ._catalogs import catalog_folders, inventory
from ._cross_sections import CrossSection
from ._errors import NuTuneError
from ._library import provenance
from ._likelihood import Likelihood, Parameter, Pull
from ._oscillations import Oscillation
from ._progress import Progress
from ._results import Distribution, Figure, Histogram, Run
from ._run import run
from ._study import Sample, Study, TrainedModel

__version__: str = provenance()["version"]

__all__ = [
    "CrossSection", "Distribution", "Figure", "Histogram", "Likelihood", "NuTuneError", "Oscillation", "Parameter",
    "Progress", "Pull", "Run", "Sample", "Study", "TrainedModel", "catalog_folders", "inventory", "provenance", "run",
]
