import NuTuneCore

/// `predictions.json`, schema `nutune.predictions/1`: the distributions behind the figures.
public struct Predictions: Sendable, Codable {
  /// Schema name of this version.
  public static let schemaName = "nutune.predictions/1"

  /// One sample: data, truth and the predictions of all models, as unit-normalised bin probabilities.
  public struct SamplePrediction: Sendable, Codable {
    /// `near-numu-fhc`.
    public var name: String
    /// Title for figures, `DUNE near detector, ν_μ CC, FHC`.
    public var title: String
    /// The bins.
    public var binning: Binning
    /// Number of events behind the data; nil means infinite.
    public var events: Double?
    /// Bin probabilities of the data (or of the truth where data are Asimov), flat.
    public var data: [Double]
    /// Bin probabilities of the truth, flat; nil for measured data, whose truth nobody knows.
    public var truth: [Double]?
    /// Standard deviations of ``data`` where they are measured with errors of their own, flat; nil for counted events.
    public var errors: [Double]?
    /// Bin probabilities of each model, by label, flat.
    public var models: [String: [Double]]
    /// Standard deviations from the posterior modes, of models that know their uncertainty, by label.
    public var uncertainties: [String: Uncertainty]?
    /// Predicted values of each model with their scale, by label; nil for counted or simulated events, and in older
    /// files.
    public var absolute: [String: AbsolutePrediction]?
    /// Sum of the measured values, 10⁻³⁸ cm² per nucleon; nil for counted or simulated events, and in older files.
    public var total: Double?

    /// Creates a sample.
    public init(
      name: String, title: String, binning: Binning, events: Double?, data: [Double], truth: [Double]?,
      errors: [Double]? = nil, models: [String: [Double]]
    ) {
      self.name = name
      self.title = title
      self.binning = binning
      self.events = events
      self.data = data
      self.truth = truth
      self.errors = errors
      self.models = models
    }

    /// What models are compared with: the truth, or the data where there is none.
    public var reference: [Double] { truth ?? data }
  }

  /// A sample that is measured as the sum of components: muons of both signs, or at the far detector signal, wrong sign,
  /// electron neutrinos of the beam.
  public struct SumPrediction: Sendable, Codable {
    /// One component.
    public struct Component: Sendable, Codable {
      /// Name of its sample, `far-electrons-fhc-numu-to-nue`.
      public var name: String
      /// Title for figures, `ν_μ → ν_e`.
      public var title: String
      /// Its part of ``SamplePrediction/truth`` of the sum, flat.
      public var truth: [Double]

      /// Creates a component.
      public init(name: String, title: String, truth: [Double]) {
        self.name = name
        self.title = title
        self.truth = truth
      }
    }

    /// The sum as it is measured. Where numbers of events are compared, truth and models are relative to the number of
    /// events of the data, and so need not have a sum of one.
    public var sample: SamplePrediction
    /// What it is a sum of, in order.
    public var components: [Component]

    /// Creates a sum.
    public init(sample: SamplePrediction, components: [Component]) {
      self.sample = sample
      self.components = components
    }
  }

  /// Standard deviations of the probabilities of one model.
  public struct Uncertainty: Sendable, Codable {
    /// Standard deviation of each bin, flat.
    public var bins: [Double]
    /// Standard deviation of each bin of the marginals of the binning, in order, shape [marginals][axis bins]; bins are
    /// correlated, so it does not follow from ``bins``.
    public var marginals: [[Double]]

    /// Creates standard deviations.
    public init(bins: [Double], marginals: [[Double]]) {
      self.bins = bins
      self.marginals = marginals
    }

    private enum CodingKeys: String, CodingKey { case bins, marginals, first, second }

    /// Reads the standard deviations; `first` and `second` of files of 0.2 are the projections of a grid.
    public init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      bins = try container.decode([Double].self, forKey: .bins)
      marginals =
        try container.decodeIfPresent([[Double]].self, forKey: .marginals)
        ?? [container.decode([Double].self, forKey: .first), container.decode([Double].self, forKey: .second)]
    }

    /// Writes the standard deviations.
    public func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(bins, forKey: .bins)
      try container.encode(marginals, forKey: .marginals)
    }
  }

  /// Predicted cross sections in the bins of a measurement.
  public struct AbsolutePrediction: Sendable, Codable {
    /// Prediction of each bin over the sum of the data, flat, so that it is comparable with ``SamplePrediction/data``.
    public var bins: [Double]
    /// Standard deviations in the same unit; nil for a model that does not know its uncertainty.
    public var uncertainty: Uncertainty?

    /// Creates a prediction.
    public init(bins: [Double], uncertainty: Uncertainty? = nil) {
      self.bins = bins
      self.uncertainty = uncertainty
    }
  }

  /// The cross section at one fixed neutrino energy, as bin probabilities.
  public struct SlicePrediction: Sendable, Codable {
    /// E_ν in GeV.
    public var energy: Double
    /// The bins.
    public var binning: Binning
    /// Bin probabilities of the truth, flat; nil without one.
    public var truth: [Double]?
    /// Bin probabilities of each model, by label, flat.
    public var models: [String: [Double]]

    /// Creates a slice.
    public init(energy: Double, binning: Binning, truth: [Double]?, models: [String: [Double]]) {
      self.energy = energy
      self.binning = binning
      self.truth = truth
      self.models = models
    }
  }

  /// A learning curve.
  public struct LearningCurve: Sendable, Codable {
    /// Number of steps done, shape [points].
    public var step: [Int]
    /// Loss, shape [points].
    public var loss: [Double]

    /// Creates a learning curve.
    public init(step: [Int], loss: [Double]) {
      self.step = step
      self.loss = loss
    }
  }

  /// `nutune.predictions/1`.
  public var schema: String
  /// Near and far samples.
  public var samples: [SamplePrediction]
  /// Near and far samples that are sums of components, near ones first, which are ``samples``; nil where every sample is measured as it is.
  public var sums: [SumPrediction]?
  /// Slices at fixed neutrino energies.
  public var slices: [SlicePrediction]
  /// Learning curves by model label.
  public var learningCurves: [String: LearningCurve]

  enum CodingKeys: String, CodingKey {
    case schema
    case samples
    case sums
    case slices
    case learningCurves = "learning_curves"
  }

  /// Creates predictions from their parts.
  public init(samples: [SamplePrediction], slices: [SlicePrediction], learningCurves: [String: LearningCurve]) {
    schema = Self.schemaName
    self.samples = samples
    self.slices = slices
    self.learningCurves = learningCurves
  }
}
