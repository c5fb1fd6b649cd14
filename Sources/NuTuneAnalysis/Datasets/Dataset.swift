import NuTuneCore

/// A binned measurement of charged leptons: the neutrinos of one beam, at one place on their way, scatter off the nuclei of
/// one detector into a list of bins.
///
/// A dataset says everything that a prediction of its rates needs beside the cross section and the oscillation, and what
/// an analysis may do with it (``Role``). Near and far detectors, horn modes, channels and positions are values of it.
///
/// Datasets share a ``ForwardModel``, which folds them.
public struct Dataset: Sendable {
  /// What an analysis may do with a dataset.
  public enum Role: String, Sendable, Hashable, CaseIterable {
    /// Models are tuned on it.
    case learn
    /// Oscillation parameters are fitted to it.
    case fit
    /// It is predicted and compared.
    case predict
  }

  /// The nuclei of one kind in a detector.
  public struct Component: Sendable, Hashable {
    /// The nucleus; structure functions belong to it.
    public var target: Target
    /// Its share of the detector's nucleons; the shares of a dataset add up to one.
    public var share: Double

    /// Nuclei with a share of the nucleons.
    public init(_ target: Target, share: Double) {
      self.target = target
      self.share = share
    }
  }

  /// Name, reaction, horn mode and bins.
  public var sample: Sample
  /// Title for people, `DUNE near detector`.
  public var title: String
  /// The nuclei of the detector: CH is C12 with 12/13 and H1 with 1/13 of the nucleons.
  public var composition: [Component]
  /// The flux of the beam before oscillation, by species.
  public var flux: any FluxProvider
  /// The baseline over which neutrinos oscillate; nil for a detector in front of it.
  public var baseline: Baseline?
  /// The response of the detector.
  public var detector: any Detector
  /// Protons on target × mass, relative to the other datasets without baseline, or to the others with one.
  public var exposure: Double
  /// Where the contents of its bins come from.
  public var observation: Observation
  /// How predicted rates are compared with them.
  public var statistic: Statistic
  /// What an analysis may do with it.
  public var roles: Set<Role>
  /// Where its flux stands in a file, for errors.
  public var place: SourceLocation?
  /// The detector whose hadronic response makes simulated data, where it is not the one that models assume; its lepton
  /// response is not used.
  public var trueDetector: (any HadronicDetector)?
  /// The flux uncertainty of measured values that is fitted together with the model; nil where the covariance holds all of it.
  public var fluxUncertainty: FluxUncertainty?
  /// The measurement of which other datasets hold other bins; nil for measured values that share no errors.
  public var part: MeasuredPart?
  /// How often χ² of measured values that models learn from counts in what they minimise: as if the covariance were divided by
  /// it. One is what was published; a scale factor S of the errors (Particle Data Group) is a weight of 1/S².
  /// Between 10⁻⁶ and 10⁶ (``weights``).
  public var weight = 1.0
  /// Weights that a dataset may have: with errors a thousand times larger or smaller it says nothing, or all.
  public static let weights = 1e-6...1e6
  /// The flavour in the beam that a component comes from; nil for all flavours of its neutrino sign.
  public var initial: LeptonFlavor?
  /// Name of the measured sample that it is a component of; its own where it is measured as it is.
  ///
  /// A sample whose leptons are not told apart by sign or origin is a sum of components with the same bins, each with its
  /// own cross section and oscillation: signal, wrong sign, intrinsic ν_e of the beam. In front of the baseline it is what a near
  /// detector without a magnet measures of the muons of both neutrino signs; models that learn sums are tuned on it.
  public var measuredAs: String
  /// Events under the truth at the oscillation parameters of ``AnalysisOptions/eventsAt``; nil where they follow from
  /// rates and exposure.
  public var events: Double?
  /// Name of its experiment where several have far samples in one analysis; empty where all datasets belong together. Near
  /// data of an experiment fix the scale of its own far samples alone.
  public var experiment = ""
  /// Components of a sample with the same name here share one number of events, as their rates are; its own when empty.
  public var eventsOf = ""

  /// A dataset.
  ///
  /// - Parameters:
  ///   - sample: name, reaction, horn mode and bins.
  ///   - title: title for people.
  ///   - composition: the nuclei of the detector; all of them the target of the sample's reaction when nil.
  ///   - flux: the flux before oscillation.
  ///   - baseline: the baseline; nil for a detector in front of it.
  ///   - detector: the response.
  ///   - exposure: protons on target × mass, relative to the other datasets without baseline, or to the others with one.
  ///   - observation: where the contents of its bins come from.
  ///   - statistic: how rates are compared with them; nil stands for Gaussian where they have a covariance and for their
  ///     shape elsewhere.
  ///   - roles: what is done with it; nil stands for `learn` without baseline and for `fit` and `predict` with one.
  ///   - place: where its flux stands in a file, for errors.
  public init(
    _ sample: Sample, title: String = "", composition: [Component]? = nil, flux: any FluxProvider,
    baseline: Baseline? = nil, detector: any Detector, exposure: Double = 1,
    observation: Observation = .simulated, statistic: Statistic? = nil, roles: Set<Role>? = nil,
    place: SourceLocation? = nil
  ) {
    self.sample = sample
    self.title = title
    self.composition = composition ?? [Component(sample.reaction.target, share: 1)]
    self.flux = flux
    self.baseline = baseline
    self.detector = detector
    self.exposure = exposure
    self.observation = observation
    if let statistic {
      self.statistic = statistic
    } else {
      switch observation {
      case .measured, .events(_, .some): self.statistic = .gaussian
      case .simulated, .events(_, nil): self.statistic = .shape
      }
    }
    self.roles = roles ?? (baseline == nil ? [.learn] : [.fit, .predict])
    self.place = place
    measuredAs = sample.name
  }

  /// The detected species.
  public var species: NeutrinoSpecies { sample.reaction.species }

  /// Each reaction in the detector with its share of the nucleons.
  var reactions: [(reaction: Reaction, share: Double)] {
    composition.map { (Reaction(species: species, target: $0.target), $0.share) }
  }
}
