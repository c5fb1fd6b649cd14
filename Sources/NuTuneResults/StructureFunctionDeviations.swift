/// Deviations of learned structure functions from the true ones, from the maps of ``StructureFunctionMaps``.
public struct StructureFunctionDeviations: Sendable, Codable {
  /// Means of |learned/true − 1| over pixels, averaged over channels. A pixel counts at most one: a model that is wrong
  /// by more is wrong, and a net that extrapolates must not dominate the mean with a single pixel.
  public struct Deviation: Sendable, Codable {
    /// Mean with equal weights of all pixels.
    public var mean: Double
    /// Mean with pixels weighted by their share of the near-detector rate.
    public var nearWeighted: Double
    /// Mean with pixels weighted by their share of the far-detector rate; nil without a far detector.
    public var farWeighted: Double?

    enum CodingKeys: String, CodingKey {
      case mean = "mean_deviation"
      case nearWeighted = "near_weighted"
      case farWeighted = "far_weighted"
    }

    /// Creates mean deviations.
    public init(mean: Double, nearWeighted: Double, farWeighted: Double?) {
      self.mean = mean
      self.nearWeighted = nearWeighted
      self.farWeighted = farWeighted
    }
  }

  /// W₁.
  public var w1: Deviation
  /// W₂.
  public var w2: Deviation
  /// W₃.
  public var w3: Deviation
  /// Posterior over prior width of W₁…W₅, by neutrino sign (`neutrino`, `antineutrino`) or, where near data are of several
  /// targets, by sign and target (`neutrino-H2O`); nil for a model without a Gaussian prior and posterior, and in older
  /// files.
  public var posteriorOverPrior: [String: PosteriorWidths]?

  enum CodingKeys: String, CodingKey {
    case w1 = "W1"
    case w2 = "W2"
    case w3 = "W3"
    case posteriorOverPrior = "posterior_over_prior"
  }

  /// Creates deviations of the three functions.
  public init(
    w1: Deviation, w2: Deviation, w3: Deviation, posteriorOverPrior: [String: PosteriorWidths]? = nil
  ) {
    self.w1 = w1
    self.w2 = w2
    self.w3 = w3
    self.posteriorOverPrior = posteriorOverPrior
  }
}

extension StructureFunctionMaps {
  /// Least |W| of the truth that is compared, as a fraction of its largest: below, a ratio has no meaning.
  static let leastFraction = 1e-3

  /// Computes the deviations of a model; nil if no channel has it.
  public func deviations(of label: String) -> StructureFunctionDeviations? {
    let known = channels.filter { $0.models[label] != nil }
    guard !known.isEmpty else { return nil }
    func mean(_ index: Int) -> StructureFunctionDeviations.Deviation {
      let values = known.map { $0.deviation(of: label, function: index) }
      func average(_ value: (StructureFunctionDeviations.Deviation) -> Double) -> Double {
        values.map(value).reduce(0, +) / Double(values.count)
      }
      let far = values.compactMap(\.farWeighted)
      return .init(
        mean: average(\.mean), nearWeighted: average(\.nearWeighted),
        farWeighted: far.isEmpty ? nil : far.reduce(0, +) / Double(far.count))
    }
    return StructureFunctionDeviations(w1: mean(0), w2: mean(1), w3: mean(2))
  }
}

extension StructureFunctionMaps.Channel {
  /// Computes learned over true W_{index+1} in each pixel; nil where it is not compared.
  public func ratios(of label: String, function index: Int) -> [Double?] {
    guard let model = models[label] else { return [] }
    let truth = truth.all[index]
    let largest = truth.compactMap { $0.map(abs) }.max() ?? 0
    return zip(truth, model.all[index]).map { truth, value in
      guard let truth, let value, abs(truth) > StructureFunctionMaps.leastFraction * largest else { return nil }
      return value / truth
    }
  }

  fileprivate func deviation(of label: String, function index: Int) -> StructureFunctionDeviations.Deviation {
    let ratios = ratios(of: label, function: index)
    func mean(_ weight: (Int) -> Double) -> Double {
      var (sum, total) = (0.0, 0.0)
      for (pixel, ratio) in ratios.enumerated() {
        guard let ratio else { continue }
        sum += weight(pixel) * min(abs(ratio - 1), 1)
        total += weight(pixel)
      }
      return total > 0 ? sum / total : 0
    }
    return .init(
      mean: mean { _ in 1 }, nearWeighted: mean { nearImportance[$0] },
      farWeighted: farImportance.map { far in mean { far[$0] } })
  }
}
