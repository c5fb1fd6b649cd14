import NuTuneCore

/// Response parameters that are trained with nets: their operators at any displacements and their priors.
///
/// Operators are expanded to second order around the nearest point of a lattice of displacements, and expansions are kept:
/// what comes out depends on the displacements alone, never on earlier ones, so that a resumed training repeats an
/// uninterrupted one.
final class TrainedResponse {
  let parameters: [ResponseParameter]
  private let variations: [(any ResponseVariation)?]
  /// Events behind the loss, in whose unit it is.
  private let events: Double
  /// Expansions of each sample by the point of the lattice, the latest last.
  private var known: [(point: [Int], expansions: [(any ResponseExpansion)?])] = []

  /// Distance of the points of the lattice, in units of a parameter.
  private static let spacing = 0.25
  private static let mostKnown = 8

  /// - Parameter assumedEvents: events that infinite statistics count as.
  init(_ problem: TuningProblem, assumedEvents: Double) {
    parameters = problem.responseParameters
    variations = problem.samples.map(\.responseVariation)
    let scales = problem.samples.map { $0.term?.scale ?? $0.events }
    let finite = scales.compactMap { $0 }
    events = finite.count == scales.count ? finite.reduce(0, +) : assumedEvents
  }

  /// The operators of every sample with their derivatives; nil for a sample that follows no parameter. Beyond the range of a
  /// parameter they are those at its end.
  func operators(at displacements: [Double]) throws -> [ResponseOperators?] {
    let within = zip(parameters, displacements).map {
      min(max($1, $0.displacements.lowerBound), $0.displacements.upperBound)
    }
    let point = within.map { Int(($0 / Self.spacing).rounded()) }
    return try expansions(at: point).map { $0?.operators(at: within) }
  }

  private func expansions(at point: [Int]) throws -> [(any ResponseExpansion)?] {
    if let index = known.firstIndex(where: { $0.point == point }) {
      known.append(known.remove(at: index))
    } else {
      let center = point.map { Self.spacing * Double($0) }
      if known.count == Self.mostKnown { known.removeFirst() }
      known.append((point, try variations.map { try $0?.expansion(around: center) }))
    }
    return known[known.count - 1].expansions
  }

  /// −lnL of the priors over the events of the data. Outside of its range a parameter is pulled back as by a prior of one unit.
  func penalty(_ displacements: [Double]) -> Double {
    zip(parameters, displacements).reduce(0) {
      let beyond = Self.excess($1.0, $1.1)
      return $0 + 0.5 * ($1.0.precision * $1.1 * $1.1 + events * beyond * beyond) / events
    }
  }

  /// Derivatives of the penalty, shape [parameters].
  func penaltySlopes(_ displacements: [Double]) -> [Double] {
    zip(parameters, displacements).map { ($0.precision * $1 + events * Self.excess($0, $1)) / events }
  }

  /// Distance from the range of a parameter; zero within.
  private static func excess(_ parameter: ResponseParameter, _ displacement: Double) -> Double {
    let allowed = parameter.displacements
    return displacement - min(max(displacement, allowed.lowerBound), allowed.upperBound)
  }

  /// The trained numbers, with errors at the given structure functions.
  ///
  /// - Parameters:
  ///   - displacements: trained.
  ///   - problem: what they were trained on.
  ///   - nodeValues: a, b, c of the trained structure functions of each sample, shape [samples][3 · nodes].
  func estimates(_ displacements: [Double], _ problem: TuningProblem, nodeValues: [[Double]]) throws
    -> [String: ResponseEstimate]
  {
    var information = parameters.map(\.precision)
    for ((sample, operators), values) in zip(zip(problem.samples, try operators(at: displacements)), nodeValues) {
      guard let operators else { continue }
      func rates(_ operation: any NodeOperator) -> [Double] {
        var rates = [Double](repeating: 0, count: operation.binCount)
        rates.withUnsafeMutableBufferPointer { rates in
          values.withUnsafeBufferPointer { operation.apply($0, rates: rates, threads: problem.threads) }
        }
        return rates
      }
      let expected = rates(operators.operation)
      let total = expected.reduce(0, +)
      let sampleEvents = sample.term?.scale ?? sample.events ?? events / Double(problem.samples.count)
      for (index, slope) in operators.slopes.enumerated() {
        let changes = rates(slope)
        let sum = changes.reduce(0, +)
        for (rate, change) in zip(expected, changes) where rate > Self.leastShare * total {
          // Of the multinomial: the change of the probability of a bin, squared over it.
          let ofShare = change - rate / total * sum
          information[index] += sampleEvents * ofShare * ofShare / (rate * total)
        }
      }
    }
    var estimates: [String: ResponseEstimate] = [:]
    for (index, parameter) in parameters.enumerated() {
      estimates[parameter.name] = ResponseEstimate(
        of: parameter, value: parameter.value(at: displacements[index]),
        error: information[index] > 0 ? parameter.unit / information[index].squareRoot() : parameter.unit,
        isConditional: true)
    }
    return estimates
  }

  /// Rates below this share of a sample's say nothing.
  private static let leastShare = 1e-11
}
