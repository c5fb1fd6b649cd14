import NuTuneCore

/// A relative uncertainty of the number of events in some far samples, or a scale of them that is free.
public struct NormUncertainty: Sendable, Hashable {
  /// The samples that it acts on.
  public enum Kind: String, Sendable, CaseIterable {
    /// All of them.
    case common
    /// Neutrinos, relative to antineutrinos.
    case neutrino
    /// Antineutrinos, relative to neutrinos.
    case antineutrino
    /// ν_e and ν̄_e, relative to ν_μ and ν̄_μ.
    case electron
    /// ν_e up and ν̄_e down.
    case electronAntisymmetric = "electron_antisymmetric"
    /// ν_e and ν̄_e that are in the beam before they oscillate.
    case beamElectron = "beam_electron"
    /// Antineutrinos in a neutrino beam and neutrinos in an antineutrino beam.
    case wrongSign = "wrong_sign"

    /// Sign with which it acts on events at a far detector; 0 for none.
    ///
    /// - Parameters:
    ///   - species: the neutrino that is detected.
    ///   - initial: its flavour in the beam; nil where that is not told apart.
    ///   - mode: horn mode of the beam.
    package func sign(for species: NeutrinoSpecies, from initial: LeptonFlavor?, mode: String) -> Double {
      let isElectron = species.flavor == .electron
      switch self {
      case .common: return 1
      case .neutrino: return species.helicity == .neutrino ? 1 : 0
      case .antineutrino: return species.helicity == .antineutrino ? 1 : 0
      case .electron: return isElectron ? 1 : 0
      case .electronAntisymmetric: return isElectron ? species.helicity.sign : 0
      case .beamElectron: return initial == .electron ? 1 : 0
      case .wrongSign: return (species.helicity == .antineutrino) == (mode == "rhc") ? 0 : 1
      }
    }
  }

  /// The samples that it acts on.
  public var kind: Kind
  /// Name of the measured sample (``Dataset/measuredAs``) to which it is restricted; nil for all.
  public var sample: String?
  /// Name of the experiment (``Dataset/experiment``) to which it is restricted; nil for all.
  public var experiment: String?
  /// Its standard deviation, relative; nil for a scale without a prior, which far data alone determine.
  public var sigma: Double?
  /// Name of its pull or scale in results, `norm_common`.
  public var name: String

  /// A relative standard deviation of some samples.
  ///
  /// - Parameters:
  ///   - kind: the samples that it acts on.
  ///   - sigma: its standard deviation, relative; nil for a free scale.
  public init(_ kind: Kind, sigma: Double?) {
    self.kind = kind
    self.sigma = sigma
    name = "norm_\(kind.rawValue)"
  }

  /// A relative standard deviation of one measured sample.
  ///
  /// - Parameters:
  ///   - sample: name of the measured sample.
  ///   - title: the sample in the name of the pull, `electrons` for `norm_sample_electrons`; its name when nil.
  ///   - sigma: its standard deviation, relative; nil for a free scale.
  public init(ofSample sample: String, titled title: String? = nil, sigma: Double?) {
    kind = .common
    self.sample = sample
    self.sigma = sigma
    name = "norm_sample_\(title ?? sample)"
  }

  /// A relative standard deviation of some samples of one experiment.
  ///
  /// - Parameters:
  ///   - kind: the samples of the experiment that it acts on.
  ///   - experiment: name of the experiment, as its datasets have it.
  ///   - title: the experiment in the name of the pull, `t2k` for `norm_experiment_t2k_common`; its name when nil.
  ///   - sigma: its standard deviation, relative; nil for a free scale.
  public init(_ kind: Kind, ofExperiment experiment: String, titled title: String? = nil, sigma: Double?) {
    self.kind = kind
    self.experiment = experiment
    self.sigma = sigma
    name = "norm_experiment_\(title ?? experiment)_\(kind.rawValue)"
  }

  /// Sign with which it acts on the events of a far dataset; 0 for none.
  func sign(for dataset: Dataset) -> Double {
    guard sample.map({ $0 == dataset.measuredAs }) ?? true, experiment.map({ $0 == dataset.experiment }) ?? true
    else { return 0 }
    return kind.sign(for: dataset.species, from: dataset.initial, mode: dataset.sample.mode)
  }
}

extension NormUncertainty {
  /// Refuses free scales that no data tell apart: of which one is a combination of others on all datasets of a fit.
  package static func check(_ norms: [NormUncertainty], of datasets: [Dataset]) throws {
    let fitted = datasets.filter { $0.roles.contains(.fit) }
    var basis: [[Double]] = []
    var names: [String] = []
    for norm in norms where norm.sigma == nil {
      let signs = fitted.map { norm.sign(for: $0) }
      let size = signs.reduce(0) { $0 + $1 * $1 }
      guard size > 0 else { continue }
      var rest = signs
      for known in basis {
        let part = zip(rest, known).reduce(0) { $0 + $1.0 * $1.1 }
        for index in rest.indices { rest[index] -= part * known[index] }
      }
      let left = rest.reduce(0) { $0 + $1 * $1 }
      guard left > 1e-9 * size else {
        throw NuTuneError(
          .badData, key: norm.name, found: "a free scale that \(names.joined(separator: ", ")) can imitate",
          expected: "free scales that the far samples tell apart")
      }
      basis.append(rest.map { $0 / left.squareRoot() })
      names.append(norm.name)
    }
  }
}
