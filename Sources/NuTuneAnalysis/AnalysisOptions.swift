import NuTuneCore
import NuTuneStatistics

/// What an analysis does with its datasets.
public struct AnalysisOptions: Sendable {
  /// How the data of some datasets are drawn.
  public struct Events: Sendable {
    /// Events of all datasets together; nil means infinitely many.
    public var number: Double?
    /// How they are drawn.
    public var sampling: SamplingMethod

    /// A number of events and how they are drawn.
    public init(_ number: Double?, _ sampling: SamplingMethod) {
      self.number = number
      self.sampling = sampling
    }
  }

  /// Near-detector events.
  public var near: Events
  /// Far-detector events.
  public var far: Events
  /// The oscillation model at whose parameters ``Dataset/events`` are given; that of the data when nil.
  public var eventsAt: (any OscillationModel)?
  /// What far samples hold beside charged currents; part of simulated data and of every fit.
  public var backgrounds: [Background] = []
  /// Seed of the simulated data.
  public var dataSeed: UInt64
  /// Seed of the random numbers that models start to learn from.
  public var networkSeed: UInt64
  /// Seeds of single models, by label.
  public var networkSeeds: [String: UInt64] = [:]
  /// Near positions that models learn from, by label; all of them where a label is missing.
  public var positions: [String: [String]] = [:]
  /// Near positions that end the training of models and are not trained on, by label; none where a label is missing.
  public var judging: [String: [String]] = [:]
  /// Channels of near data that models learn from, by label; all of them where a label is missing.
  public var channels: [String: [NeutrinoSpecies]] = [:]
  /// Names of the fitted oscillation parameters.
  public var fitted: [String]
  /// Whether posterior modes of a model that knows its uncertainty are integrated out.
  public var marginalizes = true
  /// Uncertainties of beam and detector that a fit profiles.
  public var nuisance = NuisanceOptions()
  /// Numbers of the near detectors' hadronic response that models fit together with themselves.
  public var hadronicNuisances: [HadronicNuisance] = []
  /// The scan of the fitted parameters.
  public var scan = ScanSettings(points: 61)
  /// Gaussian priors of fitted parameters.
  public var priors: [GaussianPrior] = []
  /// Discrete questions whose answers a fit compares, `ordering`.
  public var questions: [String] = []
  /// Pseudo-experiments for regions after Feldman and Cousins; nil for none.
  public var feldmanCousins: FeldmanCousinsRequest?
  /// Neutrino energies in GeV at which models are compared.
  public var sliceEnergies: [Double] = []
  /// Events up to which a misfit to near data without fluctuations has to stay invisible.
  public var precision = 3e7
  /// Pseudo-experiments behind the p value of a prediction of measured values; 0 for none.
  public var pseudoExperiments = 200

  /// Options of a closure test.
  public init(near: Events, far: Events, fitted: [String], seed: UInt64 = 1) {
    self.near = near
    self.far = far
    self.fitted = fitted
    dataSeed = seed
    networkSeed = seed
  }

  /// Whether the model of a label learns from a near dataset.
  public func learns(_ label: String, from dataset: Dataset) -> Bool {
    dataset.roles.contains(.learn) && positions[label]?.contains(dataset.sample.position) ?? true
      && channels[label]?.contains(dataset.species) ?? true
  }

  /// Seed of the random numbers that the model of a label starts to learn from.
  public func networkSeed(of label: String) -> UInt64 { networkSeeds[label] ?? networkSeed }
}
