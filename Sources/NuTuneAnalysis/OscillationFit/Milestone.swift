import Foundation
import NuTuneCore
import NuTuneStatistics

/// What an experiment sets out to reach, as 5σ for CP violation for half of all δ_CP: the exposure at which it does is how
/// long it takes.
public struct Milestone: Sendable, Hashable {
  /// For which true δ_CP it has to hold.
  public enum Place: Sendable, Hashable {
    /// For one value, in radians.
    case at(Double)
    /// For a fraction of all values: one for all of them, zero for the most favourable.
    case fraction(Double)
  }

  /// Name in files, `cp-5sigma-half`.
  public var name: String
  /// Title for people.
  public var title: String
  /// The question that is answered.
  public var question: SensitivityQuestion
  /// The true values of δ_CP.
  public var place: Place
  /// The parameter whose error counts; nil for the significance √Δ(−2lnL) of the wrong answer.
  public var parameter: String?
  /// The significance to reach, or the error to come below, in the unit of the parameter (rad, eV²).
  public var level: Double

  /// The milestones of long-baseline experiments, as DUNE's technical design report has them, and two errors more.
  public static let all: [Milestone] = [
    significance("ordering-5sigma-best", .ordering, .fraction(0), 5),
    significance("ordering-5sigma-half", .ordering, .fraction(0.5), 5),
    significance("ordering-5sigma-all", .ordering, .fraction(1), 5),
    significance("cp-3sigma-maximal", .cp, .at(-.pi / 2), 3),
    significance("cp-5sigma-maximal", .cp, .at(-.pi / 2), 5),
    significance("cp-3sigma-half", .cp, .fraction(0.5), 3),
    significance("cp-5sigma-half", .cp, .fraction(0.5), 5),
    significance("cp-3sigma-three-quarters", .cp, .fraction(0.75), 3),
    error("delta-cp-conserving", "δ_CP", "10°", of: "delta_cp", .at(0), 10 * .pi / 180),
    error("delta-cp-maximal", "δ_CP", "20°", of: "delta_cp", .at(-.pi / 2), 20 * .pi / 180),
    error("sin2-theta23", "sin²θ₂₃", "0.01", of: "sin2_theta23", .at(0), 0.01),
    error("dm2-32", "Δm²₃₂", "10⁻⁵ eV²", of: "dm2_32", .at(0), 1e-5),
  ]

  private static func significance(
    _ name: String, _ question: SensitivityQuestion, _ place: Place, _ level: Double
  ) -> Milestone {
    Milestone(
      name: name, title: "\(question == .cp ? "CP violation" : "ordering") at \(Int(level))σ, \(place.title)",
      question: question, place: place, parameter: nil, level: level)
  }

  private static func error(
    _ name: String, _ symbol: String, _ shown: String, of parameter: String, _ place: Place, _ level: Double
  ) -> Milestone {
    Milestone(
      name: name, title: "error of \(symbol) below \(shown), \(place.title)", question: .resolution, place: place,
      parameter: parameter, level: level)
  }

  /// The quantity that has to reach ``level``, from answers at one exposure.
  ///
  /// - Parameter answers: Δ(−2lnL) of the wrong answer or the error of ``parameter``, with the true δ_CP in radians.
  /// - Returns: the significance or error; nil without an answer at the place.
  public func quantity(of answers: [(delta: Double, value: Double)]) -> Double? {
    let answers = answers.map { ($0.delta, parameter == nil ? max($0.value, 0).squareRoot() : $0.value) }
    guard !answers.isEmpty else { return nil }
    switch place {
    case .at(let delta):
      return answers.first { abs(($0.0 - delta).remainder(dividingBy: 2 * .pi)) < 1e-6 }?.1
    case .fraction(let fraction):
      return PeriodicCurve(answers.map { (position: $0.0, value: $0.1) }, period: 2 * .pi).level(onFraction: fraction)
    }
  }

  /// The exposure at which a milestone is reached.
  public enum Exposure: Sendable, Hashable {
    /// Factor on the exposure of the study.
    case at(Double)
    /// Reached at the smallest exposure already.
    case below(Double)
    /// Not reached at the largest exposure.
    case above(Double)
  }

  /// The exposure at which quantities reach ``level`` for the first time, log quantity taken as linear in log exposure
  /// between two exposures, as statistics alone would have it.
  ///
  /// - Parameter quantities: at each exposure, exposures increasing; at least one.
  public func exposure(of quantities: [(exposure: Double, quantity: Double)]) -> Exposure? {
    guard let first = quantities.first, let last = quantities.last else { return nil }
    func isReached(_ value: Double) -> Bool { parameter == nil ? value >= level : value <= level }
    if isReached(first.quantity) { return .below(first.exposure) }
    for (before, after) in zip(quantities, quantities.dropFirst()) where isReached(after.quantity) {
      let (low, high) = (before.quantity, after.quantity)
      // Nothing can be said of the logarithm of a significance of zero.
      let part = low > 0 ? log(level / low) / log(high / low) : (level - low) / (high - low)
      return .at(before.exposure * pow(after.exposure / before.exposure, part))
    }
    return .above(last.exposure)
  }
}

extension Milestone.Place {
  /// The true values for people.
  fileprivate var title: String {
    switch self {
    case .at(let delta):
      "δ_CP = " + String(Int((delta * 180 / .pi).rounded())).replacing("-", with: "−") + (delta == 0 ? "" : "°")
    case .fraction(0): "best δ_CP"
    case .fraction(1): "all δ_CP"
    case .fraction(let fraction): "\(Int((100 * fraction).rounded())) % of δ_CP"
    }
  }
}
