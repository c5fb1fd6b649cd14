import NuTuneCore
import NuTuneFolding

/// The pivot energies of every propagation of some beams, chosen for the ranges in which a fit varies its parameters.
struct PivotProbabilities: Sendable {
  /// The propagations, in the order of what is computed for them.
  let ways: [Propagation]
  /// The pivots of each.
  let pivots: [PivotEnergies]
  /// Energies in GeV where the probabilities of each are computed, those of `PivotEnergies.places`.
  private let energies: [[Double]]
  /// Rows 3 · initial + final flavour of the probabilities that the beams need of each.
  private let rows: [[Int]]

  /// Chooses pivots; nil where few do not suffice.
  ///
  /// - Parameters:
  ///   - sources: the beams.
  ///   - ways: their propagations.
  ///   - samples: probabilities of each propagation at some points of the parameters, shape [points][propagations].
  ///   - energies: energies in GeV of the samples.
  init?(_ sources: [BeamSource], _ ways: [Propagation], _ samples: [[OscillationProbabilities]], at energies: [Double])
  {
    self.ways = ways
    rows = ways.map { way in Set(sources.filter { $0.way == way }.flatMap { $0.parts.map(\.row) }).sorted() }
    var pivots: [PivotEnergies] = []
    for (way, rows) in rows.enumerated() {
      let functions = samples.flatMap { sample in
        rows.map { Array(sample[way].values[$0 * energies.count..<($0 + 1) * energies.count]) }
      }
      guard let found = PivotEnergies(at: energies, samples: functions) else { return nil }
      pivots.append(found)
    }
    self.pivots = pivots
    self.energies = pivots.map { $0.places.map { energies[$0] } }
  }

  /// Computes probabilities with derivatives, in the order of ``ways``; nil where the pivots do not determine them at all
  /// energies.
  func gradients(of parameters: [String], _ oscillation: any OscillationModel) throws -> [OscillationGradients]? {
    let gradients = try ways.indices.map { way in
      try oscillation.probabilityGradients(
        of: parameters, at: energies[way], over: ways[way].baseline, helicity: ways[way].helicity)
    }
    return determine(gradients.map(\.probabilities)) ? gradients : nil
  }

  /// Takes the probabilities that pivots need from those at all energies; nil where they do not determine these.
  func probabilities(among all: [OscillationProbabilities]) -> [OscillationProbabilities]? {
    let found = zip(pivots, all).map { pivots, all in
      OscillationProbabilities(
        count: pivots.places.count,
        values: (0..<9).flatMap { row in pivots.places.map { all.values[row * all.count + $0] } })
    }
    return determine(found) ? found : nil
  }

  private func determine(_ probabilities: [OscillationProbabilities]) -> Bool {
    ways.indices.allSatisfy { way in
      probabilities[way].values.withUnsafeBufferPointer { values in
        guard let start = values.baseAddress else { return false }
        return rows[way].allSatisfy { pivots[way].determines(start + $0 * probabilities[way].count) }
      }
    }
  }
}
