/// The way from source to detector.
public struct Baseline: Sendable, Hashable, Codable {
  /// Length in km.
  public var length: Double
  /// Matter density in g/cm³; zero is vacuum.
  public var density: Double
  /// Electrons per nucleon Y_e.
  public var electronFraction: Double

  /// A baseline through constant density.
  public init(length: Double, density: Double, electronFraction: Double = 0.5) {
    self.length = length
    self.density = density
    self.electronFraction = electronFraction
  }
}

/// P(ν_α → ν_β) on a batch of energies.
public struct OscillationProbabilities: Sendable {
  /// Number of energies.
  public let count: Int
  /// Row (3α + β) of shape [energies], flat: ee, eμ, eτ, μe, μμ, μτ, τe, τμ, ττ.
  public var values: [Double]

  /// Probabilities, flat, shape [9][count].
  public init(count: Int, values: [Double]) {
    precondition(values.count == 9 * count)
    self.count = count
    self.values = values
  }

  /// P(ν_α → ν_β), shape [energies].
  public subscript(from: LeptonFlavor, to: LeptonFlavor) -> ArraySlice<Double> {
    let row = 3 * from.rawValue + to.rawValue
    return values[row * count..<(row + 1) * count]
  }
}

/// A model of neutrino oscillations.
public protocol OscillationModel: Plugin {
  /// Names of the parameters that a fit may vary, `sin2_theta23`, `dm2_32`, ….
  var fittableParameters: [String] { get }

  /// Value of one of ``fittableParameters`` now.
  func value(of parameter: String) throws -> Double

  /// Where a fit looks for one of ``fittableParameters``, around its value now.
  func fitDomain(of parameter: String) throws -> FitDomain

  /// The model with some parameters changed, every other one kept.
  func setting(_ changes: [String: Double]) throws -> Self

  /// Probabilities at energies in GeV (> 0).
  func probabilities(at energies: [Double], over baseline: Baseline, helicity: Helicity) throws
    -> OscillationProbabilities
}

extension OscillationModel {
  /// One start at the value now, bounds of ten times its size either way.
  public func fitDomain(of parameter: String) throws -> FitDomain {
    let value = try value(of: parameter)
    let size = max(abs(value), 1e-6)
    return FitDomain(starts: [value], bounds: value - 10 * size...value + 10 * size, scale: 0.1 * size)
  }
}
