import NuTuneAnalysis
import NuTuneCore
import NuTuneStatistics
import NuTuneResults

/// The sections of a study that are plain parameters, each declared once.
package enum StudySections {
  /// Numbers of events: beyond, one more makes no difference in double precision.
  static let events = 1...1e16
  /// The largest number of events that can be drawn: what the generator of random numbers counts up to.
  package static let largestDraw = 4e9
  /// The narrowest range of neutrino energies that can be folded, GeV.
  package static let narrowestFold = FoldedEnergies.narrowest
  /// Where folding ends for a flux that does not say where it does, GeV.
  static let highestEnergy = 40.0

  /// `near:`, the near-detector data.
  package static let near = ParameterSchema([
    ParameterDeclaration(
      "events", default: .text("infinite"), .number(events, orWord: ["infinite"]),
      "number of near-detector events, all samples together; at most 4e9 when they are drawn"),
    ParameterDeclaration(
      "sample", required: false, .choice(SamplingMethod.allCases.map(\.rawValue)),
      "how data are drawn from the truth; asimov when the events are infinite, otherwise poisson"),
    ParameterDeclaration(
      "precision", default: .number(3e7), .number(events),
      "when the events are infinite: the number with which a model's misfit must still be invisible, or a warning says so"
    ),
    ParameterDeclaration(
      "lepton_sign", default: .text(LeptonSign.measured.rawValue), .choice(LeptonSign.allCases.map(\.rawValue)),
      "whether the near detector measures the charge of the lepton; unmeasured makes one sample of neutrinos and antineutrinos "
        + "of each flavour in each horn mode, from which gaussian-process-sf, neural-sf and fitted-theory learn both"),
  ])

  /// `far:`, the far-detector data.
  package static let far = ParameterSchema([
    ParameterDeclaration(
      "events", required: false, .number(events),
      "number of far-detector events, all samples together; the experiment's when unset; at most 4e9 when they are drawn"
    ),
    ParameterDeclaration(
      "sample", default: .text("asimov"), .choice(["asimov", "poisson"]), "how data are drawn from the truth"),
    ParameterDeclaration(
      "flux", required: false, .choice(FarFlux.allCases.map(\.rawValue)),
      "before oscillation: the shape of the near flux, or the far detector's own; what the experiment says when unset, own where it says nothing"
    ),
    ParameterDeclaration(
      "exposure", unit: "kt MW yr", required: false, .positive,
      "mass × beam power × time behind the far events, in which `nutune sensitivity` shows exposures; nothing else depends on it"
    ),
  ])

  /// The value of `likelihood.flux_pulls` with which measurements of one beam have one set of pulls.
  static let sharedPulls = "shared"

  /// `likelihood:`, how data and predictions are compared, and what is not known of numbers of events.
  package static let likelihood = ParameterSchema(
    comparison.declarations
      + norms.declarations.map { norm in
        var dotted = norm
        dotted.name = "norm.\(norm.name)"
        return dotted
      })

  /// `likelihood:` without the norms.
  static let comparison = ParameterSchema([
    ParameterDeclaration(
      "statistic", default: .text("shape"), .choice([Statistic.shape, .poisson].map(\.rawValue)),
      "how simulated events are compared with rates: the shape of each sample for itself, or numbers of events, whose scale near data fix"
    ),
    ParameterDeclaration(
      "measured", default: .text(MeasuredStatistic.normShape.rawValue),
      .choice(MeasuredStatistic.allCases.map(\.rawValue)),
      "how measured values are compared with their covariance: total and shape for themselves, all bins together (plain), "
        + "with the part of flux and norm scaled by the prediction (t0), or by logarithms"
    ),
    ParameterDeclaration(
      "flux_components", default: .integer(0), .integer(0...50),
      "principal components of the flux uncertainty of each measurement that publishes one, which are fitted together "
        + "with a model as factors on its prediction; 0 leaves it in the covariance"),
    ParameterDeclaration(
      "flux_pulls", default: .text(sharedPulls), .choice([sharedPulls, "own"]),
      "whether measurements of one flux entry have one set of pulls of its components, or each its own; parts of one "
        + "measurement share them always"),
    ParameterDeclaration(
      "pseudo_data", required: false, .text,
      "label of a model that does not learn and makes the measured values, with the published covariances and seed.data: "
        + "to calibrate what is done with real ones"),
    ParameterDeclaration(
      "pseudo_experiments", default: .integer(200), .integer(0...100_000),
      "pseudo-experiments behind the p value of each prediction of measured values; 0 for none"),
  ])

  /// `likelihood.norm:`, and `likelihood.norm.experiment.NAME:` for the far samples of one experiment.
  package static let norms = ParameterSchema([
    norm("common", "of the number of events in all far samples"),
    norm("neutrino", "of neutrino events, relative to antineutrinos"),
    norm("antineutrino", "of antineutrino events, relative to neutrinos"),
    norm("electron", "of electron events, relative to muons"),
    norm("electron_antisymmetric", "of electron events, up for neutrinos and down for antineutrinos"),
    norm("beam_electron", "of ν_e and ν̄_e that are in the beam before they oscillate (components of far.samples)"),
    norm("wrong_sign", "of antineutrinos in a neutrino beam and neutrinos in an antineutrino beam"),
  ])

  /// The word for a norm without a prior.
  static let free = "free"
  /// Relative uncertainty of some numbers of events.
  static let normDomain = ParameterDomain.number(0...1, orWord: [free])

  private static func norm(_ name: String, _ meaning: String) -> ParameterDeclaration {
    ParameterDeclaration(
      name, default: .number(0), normDomain,
      "relative uncertainty \(meaning), profiled in a fit of numbers; 0 for none")
  }

  /// `seed:`, random numbers by purpose.
  package static let seed = ParameterSchema([
    ParameterDeclaration(
      "study", default: .integer(1), .integer(0...Int(Int32.max)), "seed of everything that has no seed of its own"),
    ParameterDeclaration(
      "network", required: false, .integer(0...Int(Int32.max)),
      "seed of what a model draws to start learning; seed.study when unset"),
    ParameterDeclaration(
      "data", required: false, .integer(0...Int(Int32.max)), "seed of the simulated data; seed.study when unset"),
  ])

  /// `fold:`, precision of the flux folding.
  package static let fold = ParameterSchema([
    ParameterDeclaration(
      "energy_minimum", unit: "GeV", required: false, .positive,
      "lowest neutrino energy that is folded; when unset the lowest at which a flux has something, a lepton of the bins can be made and every model is served"
    ),
    ParameterDeclaration(
      "energy_maximum", unit: "GeV", required: false, .positive,
      "highest neutrino energy that is folded, at most that of the flux; when unset that of the flux, or where a model ends"
    ),
    ParameterDeclaration(
      "nodes_w2", default: .integer(140), .integer(8...2000), "nodes of the structure functions in W²"),
    ParameterDeclaration(
      "nodes_q2", default: .integer(80), .integer(8...2000), "nodes of the structure functions in Q²"),
    ParameterDeclaration(
      "cell_scale", default: .number(1), .number(0.05...20), "factor on the default widths of the E_ν cells"),
    ParameterDeclaration(
      "accuracy", default: .number(2e-4), .number(1e-6...1e-2),
      "relative error allowed to the integral over a bin that holds at least 1e-4 of its sample's rate"),
    ParameterDeclaration(
      "points_energy", default: .integer(2), .integer(1...32),
      "least number of quadrature points per E_ν cell, for any accuracy"),
    ParameterDeclaration(
      "points_lepton", default: .integer(2), .integer(1...64),
      "least number of quadrature points per true bin on the first axis, for any accuracy"),
    ParameterDeclaration(
      "points_angle", default: .integer(2), .integer(1...64),
      "least number of quadrature points per true bin on the second axis, for any accuracy"),
  ])

  /// `slices:`, comparison at fixed neutrino energies.
  package static let slices = ParameterSchema([
    ParameterDeclaration(
      "energies", unit: "GeV", default: .numbers([1, 2, 3, 5]),
      .numbers(.leastNonzeroMagnitude...1000, count: 0...100), "neutrino energies of the slices")
  ])

  /// `fit:`, the oscillation fit.
  package static let fit = ParameterSchema([
    ParameterDeclaration(
      "scan_points", default: .integer(61), .integer(11...501), "points per axis of the scan behind the contours"),
    ParameterDeclaration(
      "marginalize", default: .boolean(true), .boolean,
      "integrate out what near data left open of a model that knows it; otherwise every model is held fixed"),
    ParameterDeclaration(
      "priors", default: .texts([]), .texts(choices: []),
      "Gaussian priors of fitted parameters, `sin2_theta13 = 0.0222 ± 0.0006`"),
    ParameterDeclaration(
      "hypotheses", default: .texts([]), .texts(choices: []),
      "discrete questions whose answers the fit compares, `ordering`, `octant`, one by one and combined; `nutune sensitivity` "
        + "leaves the ordering open where it is named"),
    ParameterDeclaration(
      "planes", default: .texts([]), .texts(choices: []),
      "pairs of fitted parameters whose contours are drawn beside that of the first two, `sin2_theta23 delta_cp`; all of them when empty"
    ),
    ParameterDeclaration(
      "nuisance.flux", default: .integer(0), .integer(0...64),
      "principal components of systematics.flux.covariance that are profiled in the fit, with Gaussian penalties"),
    ParameterDeclaration(
      "nuisance.retune", default: .boolean(true), .boolean,
      "tune a model again on near data with the flux shifted along each component; otherwise it stays as it is"),
    ParameterDeclaration(
      "nuisance.energy_scale", default: .number(0), .number(0...0.1),
      "relative uncertainty of the far detector's lepton-energy scale, profiled in the fit; 0 for none"),
    ParameterDeclaration(
      "nuisance.density", default: .number(0), .number(0...0.5),
      "relative uncertainty of the density of matter between source and far detector, profiled in the fit; 0 for none"),
    ParameterDeclaration(
      "feldman_cousins", default: .integer(0), .integer(0...1_000_000),
      "pseudo-experiments at each test point for regions after Feldman and Cousins, at least \(FeldmanCousinsSettings().leastExperiments); 0 for none"
    ),
  ])

  /// `systematics:`, what may differ between members of an ensemble, and how ensembles are run.
  package static let systematics = ParameterSchema([
    ParameterDeclaration(
      "flux.covariance", required: false, .text, "catalog entry (flux-covariances) that flux throws are drawn from"),
    ParameterDeclaration(
      "flux.vary", default: .text("model"), .choice(FluxVariationPlace.allCases.map(\.rawValue)),
      "where a flux throw acts: on the flux models are tuned and fitted with, on the one that makes the data, or one on each"
    ),
    ParameterDeclaration(
      "flux.scale", default: .number(1), .number(0...100), "factor on the standard deviations of the covariance"),
    ParameterDeclaration(
      "statistics.method", default: .text("bootstrap"), .choice(StatisticsMethod.allCases.map(\.rawValue)),
      "how near data of a member are drawn: from the histogram of the study, or from the truth"),
    ParameterDeclaration(
      "ensemble.model", required: false, .text, "label of the model of the ensemble; the first of the study when unset"),
    ParameterDeclaration(
      "ensemble.members", default: .integer(100), .integer(1...100_000), "members with all sources together"),
    ParameterDeclaration(
      "ensemble.vary", default: .texts(["network"]), .texts(choices: SystematicSource.allCases.map(\.rawValue)),
      "what differs between members"),
    ParameterDeclaration(
      "ensemble.breakdown", default: .integer(0), .integer(0...100_000),
      "members with one source alone, for each source; 0 for none"),
    ParameterDeclaration(
      "ensemble.architectures", default: .texts([]), .texts(choices: []),
      "labels of the models that members of a varied architecture take in turn"),
    ParameterDeclaration(
      "ensemble.scan_points", default: .integer(61), .integer(21...301),
      "points per axis of the scan behind combined regions"),
    ParameterDeclaration(
      "slurm.partition", required: false, .text, "Slurm partition; the cluster's default when unset"),
    ParameterDeclaration(
      "slurm.account", required: false, .text, "Slurm account that is charged; the user's default when unset"),
    ParameterDeclaration("slurm.time", default: .text("1:00:00"), .text, "time limit of one task of a job array"),
    ParameterDeclaration("slurm.memory", default: .text("2G"), .text, "memory of one task of a job array"),
    ParameterDeclaration(
      "slurm.members_per_task", default: .integer(5), .integer(1...10_000), "members that one task computes"),
    ParameterDeclaration(
      "slurm.most_at_a_time", required: false, .integer(1...100_000),
      "tasks that may run at a time; no limit when unset"),
    ParameterDeclaration(
      "slurm.options", default: .texts([]), .texts(choices: []), "further options for sbatch, `--qos=long`"),
  ])
}
