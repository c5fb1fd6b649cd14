import NuTuneCore
import NuTuneFiles

/// Edges of energy bins in GeV.
package enum EnergyEdges {
  /// Tolerance for edges printed from sums (0.1 + 0.2), which may differ in the last digits.
  static func margin(_ energy: Double) -> Double { 1e-9 * abs(energy) }

  /// Upper limit on neutrino energies of any beam, GeV.
  private static let largest = 1e9

  /// Returns the edges of a bin; an edge that is zero except for the rounding of sums (3.5e-18) becomes zero.
  static func cleaned(_ low: Double, _ high: Double) -> (low: Double, high: Double) {
    let rounding = 1e-9 * abs(high - low)
    return (abs(low) <= rounding ? 0 : low, abs(high) <= rounding ? 0 : high)
  }

  /// Returns the edges of bins that must follow one another without gaps.
  static func joined(_ bins: [(low: Double, high: Double, location: SourceLocation)]) throws -> [Double] {
    var edges: [Double] = []
    for var bin in bins {
      (bin.low, bin.high) = cleaned(bin.low, bin.high)
      func refuse(_ found: String, _ expected: String) -> NuTuneError {
        NuTuneError(.badData, at: bin.location, key: "energy bins", found: found, expected: expected)
      }
      guard bin.low >= 0, bin.low < bin.high, bin.high <= largest else {
        throw refuse("a bin from \(bin.low) to \(bin.high)", "0 ≤ low < high, in GeV up to \(largest)")
      }
      if let last = edges.last, abs(bin.low - last) > margin(last) {
        throw refuse("a bin from \(bin.low) after one that ends at \(last)", "bins that follow one another")
      }
      if edges.isEmpty { edges = [bin.low] }
      edges.append(bin.high)
    }
    return edges
  }

  /// Returns energies as the edges of the bins between them.
  static func between(_ energies: [(energy: Double, location: SourceLocation)]) throws -> [Double] {
    try joined(zip(energies, energies.dropFirst()).map { ($0.energy, $1.energy, $1.location) })
  }

  /// Returns the edges of bins of one width, given by their centres.
  static func around(_ centers: [(energy: Double, location: SourceLocation)]) throws -> [Double] {
    guard centers.count > 1 else {
      throw NuTuneError(
        .badData, at: centers.first?.location, key: "center", found: "one energy", expected: "at least two")
    }
    let step = (centers[centers.count - 1].energy - centers[0].energy) / Double(centers.count - 1)
    for (index, (energy, location)) in centers.enumerated() {
      // Centres are printed with few digits: a thousandth of a bin is rounding.
      guard step > 0, abs(energy - centers[0].energy - Double(index) * step) <= 1e-3 * step else {
        throw NuTuneError(
          .badData, at: location, key: "center", found: "the energy \(energy) off steps of \(step) GeV",
          expected: "centres of bins of one width; --points edges or curve reads others")
      }
    }
    let first = centers[0].energy - step / 2
    guard first >= -1e-3 * step else {
      throw NuTuneError(
        .badData, at: centers[0].location, key: "center", found: "a first bin from \(first) GeV",
        expected: "centres of bins from 0 on; --points curve reads points of a curve")
    }
    return (0...centers.count).map { rounded(max(first, 0) + Double($0) * step) }
  }

  /// Returns all edges of several lists, each once.
  static func union(_ lists: [[Double]]) -> [Double] {
    lists.joined().sorted().reduce(into: []) { edges, edge in
      if let last = edges.last, edge - last <= margin(edge) { return }
      edges.append(edge)
    }
  }

  /// Parses edges: a list `0,0.5,1`, equal steps `0:20:0.5`, or the name of a flux table in CSV with edges.
  package static func read(_ text: String) throws -> [Double] {
    let steps = text.split(separator: ":", omittingEmptySubsequences: false).map { Double($0) }
    if steps.count == 3, let low = steps[0], let high = steps[1], let step = steps[2] {
      let count = ((high - low) / step).rounded()
      guard low >= 0, step > 0, (1...10_000).contains(count), abs(low + count * step - high) <= 1e-6 * step else {
        throw refusal(text, "LOW:HIGH:STEP with a whole number of steps, at most 10000, 0:20:0.5")
      }
      return (0...Int(count)).map { rounded(low + Double($0) * step) }
    }
    let numbers = text.split(separator: ",").map { Double($0.filter { !$0.isWhitespace }) }
    if numbers.count > 1, numbers.allSatisfy({ $0 != nil }) {
      let edges = numbers.compactMap { $0 }
      guard edges[0] >= 0, zip(edges, edges.dropFirst()).allSatisfy({ $0 < $1 && $1.isFinite }) else {
        throw refusal(text, "strictly increasing edges in GeV, 0,0.5,1, or a flux table that has them")
      }
      return edges
    }
    let table = try ColumnTable(commaSeparated: text)
    guard table.names.starts(with: ["E_low_GeV", "E_high_GeV"]) else {
      throw NuTuneError(
        .badData, at: SourceLocation(file: text), key: "--rebin",
        found: "the columns \(table.names.prefix(2).joined(separator: ", "))", expected: "E_low_GeV,E_high_GeV first")
    }
    return try joined(
      table.rows.indices.map {
        (
          try table.requiredNumber(row: $0, column: 0), try table.requiredNumber(row: $0, column: 1),
          table.rows[$0].location
        )
      })
  }

  /// Removes the rounding of sums.
  static func rounded(_ energy: Double) -> Double { Double(SignificantDigits.text(energy, 12)) ?? energy }
}
