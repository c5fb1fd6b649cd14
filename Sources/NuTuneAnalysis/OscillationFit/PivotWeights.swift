import CKernels
import NuTuneCore
import NuTuneFolding

/// The weights of the cells of a beam as sums over its transition probabilities at pivots.
struct PivotWeights {
  /// A transition of the beam: index of its propagation in ``PivotProbabilities/ways`` and row 3 · initial + final flavour of the
  /// probabilities.
  struct Transition {
    let way: Int
    let row: Int
  }

  /// The transitions, each at all of its pivots.
  let transitions: [Transition]
  /// What the probability of each transition at each pivot gives to the weights, shape [transitions × pivots][cells].
  let rows: [[Double]]

  /// - Parameters:
  ///   - source: the beam.
  ///   - probabilities: its pivots.
  ///   - averaging: averages over the cells.
  ///   - means: means of flux × oscillation in the cells that decide which of them share a covariance with their neighbours.
  init(_ source: BeamSource, _ probabilities: PivotProbabilities, _ averaging: CellAveraging, sharedAs means: [Double])
  {
    guard let way = probabilities.ways.firstIndex(of: source.way) else { preconditionFailure("no pivots of a beam") }
    transitions = source.parts.map { Transition(way: way, row: $0.row) }
    rows = source.parts.flatMap { part in
      probabilities.pivots[way].coefficients.map { coefficients in
        averaging.weights(of: zip(part.density, coefficients).map { $0 * $1 }, sharedAs: means)
      }
    }
  }

  /// Computes the weights, shape [cells].
  ///
  /// - Parameters:
  ///   - probabilities: those at the places of each propagation's pivots.
  ///   - pivots: the pivots of each propagation.
  func weights(_ probabilities: [OscillationProbabilities], _ pivots: [PivotEnergies]) -> [Double] {
    var sum = [Double](repeating: 0, count: rows.first?.count ?? 0)
    let inputs = transitions.flatMap { probabilities[$0.way].pivotValues(of: $0, pivots) }
    for (input, row) in zip(inputs, rows) { nutune_beam_add_scaled(input, row, row.count, &sum) }
    return sum
  }
}

extension OscillationProbabilities {
  /// The probabilities of a transition at its pivots, which come first.
  func pivotValues(of transition: PivotWeights.Transition, _ pivots: [PivotEnergies]) -> ArraySlice<Double> {
    let first = transition.row * count
    return values[first..<first + pivots[transition.way].count]
  }
}
