/// A likelihood as a black box: parameters in, −2 ln L out.
public protocol Likelihood: Sendable {
  /// −2 ln L(θ) + 2 ln L(saturated), shape [parameters] → one number, not negative up to rounding. May be called from
  /// several threads at a time.
  func minusTwoLogLikelihood(at parameters: [Double]) throws -> Double
}

/// Likelihood of the shape of a distribution: multinomial, the total number of events carries no information.
///
///     −2 ln L = −2 Σ n_b ln p_b(θ),  Σ p_b = 1
///
/// minus its saturated value, written as 2 Σ [n ln(n/ν) − n + ν] with ν = N p: the added terms sum to zero, and every
/// bin becomes 2n[t − ln(1+t)], t = (ν − n)/n, not negative and of second order in t. So nothing large cancels, also
/// with 10⁷ events on Asimov data. Data without an event give zero everywhere.
public struct ShapeLikelihood: Likelihood {
  /// Observed events, shape [bins]; not necessarily integers (Asimov data).
  public let counts: [Double]
  /// Prediction, shape [parameters] → [bins], in any normalisation.
  public let prediction: @Sendable ([Double]) throws -> [Double]
  private let events: Double

  /// A likelihood of `counts` under `prediction`.
  public init(counts: [Double], prediction: @escaping @Sendable ([Double]) throws -> [Double]) throws {
    events = try Counts.total(of: counts)
    self.counts = counts
    self.prediction = prediction
  }

  /// See ``Likelihood``. Complexity: one prediction plus O(bins).
  public func minusTwoLogLikelihood(at parameters: [Double]) throws -> Double {
    let predicted = try prediction(parameters)
    let sum = try Counts.totalPrediction(predicted, bins: counts.count)
    guard sum > 0 else { throw InferenceError.badCounts("the prediction is zero in every bin") }
    return try Counts.deviance(counts: counts, prediction: predicted, factor: events / sum)
  }
}

/// Likelihood of rates: an independent Poisson number of events in every bin,
///
///     −2 ln L = 2 Σ (μ − n + n ln(n/μ))
///
/// (Baker and Cousins, NIM 221 (1984) 437), in the same cancellation-free form as ``ShapeLikelihood``.
public struct PoissonLikelihood: Likelihood {
  /// Observed events, shape [bins].
  public let counts: [Double]
  /// Expected events μ, shape [parameters] → [bins].
  public let prediction: @Sendable ([Double]) throws -> [Double]

  /// A likelihood of `counts` under `prediction`.
  public init(counts: [Double], prediction: @escaping @Sendable ([Double]) throws -> [Double]) throws {
    _ = try Counts.total(of: counts)
    self.counts = counts
    self.prediction = prediction
  }

  /// See ``Likelihood``. Complexity: one prediction plus O(bins).
  public func minusTwoLogLikelihood(at parameters: [Double]) throws -> Double {
    let predicted = try prediction(parameters)
    _ = try Counts.totalPrediction(predicted, bins: counts.count)
    return try Counts.deviance(counts: counts, prediction: predicted, factor: 1)
  }
}

/// Event counts against predictions, checked bin by bin.
enum Counts {
  /// The sum of bins; zero for data without an event, which add nothing to a likelihood.
  static func total(of counts: [Double]) throws -> Double {
    if let bad = counts.firstIndex(where: { !($0 >= 0 && $0.isFinite) }) {
      throw InferenceError.badCounts("bin \(bad) holds \(counts[bad]) events")
    }
    return counts.reduce(0, +)
  }

  /// The sum of bins that are to be normalised.
  static func normalization(of shape: [Double]) throws -> Double {
    let total = try total(of: shape)
    guard total > 0 else { throw InferenceError.badCounts("nothing in \(shape.count) bins") }
    return total
  }

  static func totalPrediction(_ prediction: [Double], bins: Int) throws -> Double {
    guard prediction.count == bins else {
      throw InferenceError.binMismatch(expected: bins, found: prediction.count)
    }
    if let bad = prediction.firstIndex(where: { !($0 >= 0 && $0.isFinite) }) {
      throw InferenceError.badPrediction(bin: bad, value: prediction[bad])
    }
    return prediction.reduce(0, +)
  }
}
