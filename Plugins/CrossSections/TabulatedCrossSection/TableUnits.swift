import Foundation
import NuTuneCore

/// Checks the unit of a table by the size of its values.
///
/// σ/E_ν of charged currents is about 0.7·10⁻³⁸ cm²/GeV per nucleon for neutrinos and half of it for antineutrinos, from
/// 1 to 100 GeV (world average of the Particle Data Group); no nucleus and no model is a power of ten away.
struct TableUnits {
  /// Expected σ/E_ν, 10⁻³⁸ cm²/GeV.
  static let typical = 0.7
  var mean: Double
  var range: ClosedRange<Double>
  var target: Target?

  /// Throws for a table whose mean σ/E_ν is out of range.
  func check(at location: SourceLocation) throws {
    guard !range.contains(mean) else { return }
    guard mean > 0 else {
      throw NuTuneError(
        .badData, at: location, key: "d2sigma", found: "a cross section that is zero everywhere",
        expected: "a positive one")
    }
    let powers = log10(mean / Self.typical)
    let digits = String(format: "%.2g", mean)
    let off = String(format: "%+.1f", powers)
    throw NuTuneError(
      .badData, at: location, key: "d2sigma",
      found: "a mean σ/E_ν of \(digits)·10⁻³⁸ cm²/GeV per nucleon, \(off) powers of ten from the usual "
        + "\(Self.typical)\(guess(powers).map { " (\($0)?)" } ?? "")",
      expected: "\(range.lowerBound) to \(range.upperBound), with “scale” turning the table's unit into "
        + "10⁻³⁸ cm²/GeV per nucleon")
  }

  /// Guesses the unit of the table.
  private func guess(_ powers: Double) -> String? {
    func isNear(_ value: Double) -> Bool { abs(powers - value) < 0.45 }
    if isNear(-38) { return "the table may be in cm², scale: 1e38" }
    if isNear(-42) { return "the table may be in m², scale: 1e42" }
    if isNear(-3) { return "the table may be per MeV, scale: 1000" }
    if isNear(3) { return "the table may be in 10⁻⁴¹ cm², or its energies in MeV" }
    if isNear(-12) { return "the table may be in pb·10⁻¹⁴ or its like" }
    if let target, target.nucleons > 4, isNear(log10(Double(target.nucleons))) {
      return "the table may be per nucleus, scale: \(String(format: "%.6g", 1 / Double(target.nucleons)))"
    }
    if isNear(1) { return "the table may be in 10⁻³⁹ cm², scale: 0.1" }
    if isNear(2) { return "the table may be in 10⁻⁴⁰ cm², scale: 0.01" }
    return nil
  }
}
