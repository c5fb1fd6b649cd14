import Foundation
import NuTuneCore
import ThreeFlavorOscillations

/// A table of probabilities from a diagonalisation with many digits, with the constants of NuFast; columns `antinu`,
/// `s12sq`, `s13sq`, `s23sq`, `delta_deg`, `dm21`, `dm31`, `L`, `E`, `rho`, `Ye` and the nine probabilities last.
struct OracleTable {
  /// One row of the table.
  struct Row {
    var model: ThreeFlavorModel
    var baseline: Baseline
    var helicity: Helicity
    var energy: Double
    var probabilities: [Double]
  }

  let rows: [Row]

  init(file: String) throws {
    let lines = try String(contentsOfFile: file, encoding: .utf8).split(whereSeparator: \.isNewline)
    let header = (lines.first ?? "").split(separator: ",").map(String.init)
    rows = try lines.dropFirst().map { line in
      let fields = line.split(separator: ",").map(String.init)
      func number(_ name: String) throws -> Double {
        guard let column = header.firstIndex(of: name), column < fields.count, let value = Double(fields[column]) else {
          throw NuTuneError(.badData, key: name, found: "no number in \(file)", expected: "a column \(name)")
        }
        return value
      }
      let mixing = MixingParameters(
        sin2Theta12: try number("s12sq"), sin2Theta13: try number("s13sq"), sin2Theta23: try number("s23sq"),
        deltaCP: try number("delta_deg") * Double.pi / 180, deltaMassSquared21: try number("dm21"),
        deltaMassSquared31: try number("dm31"))
      return Row(
        model: ThreeFlavorModel(mixing: mixing, constants: .nufast),
        baseline: Baseline(
          length: try number("L"), density: try number("rho"), electronFraction: try number("Ye")),
        helicity: try number("antinu") == 1 ? .antineutrino : .neutrino, energy: try number("E"),
        probabilities: fields.suffix(9).compactMap(Double.init))
    }
  }

  /// Returns the largest distance of a probability from the table's.
  func largestError(_ probabilities: (Row) throws -> [Double]) rethrows -> Double {
    try rows.map { row in zip(try probabilities(row), row.probabilities).map { abs($0 - $1) }.max() ?? 0 }.max() ?? 0
  }
}
