import Foundation

/// A unit as written in a file: `MEV`, `1E-39 CM**2/GEV/NUCLEON`, `10^-38 cm2/(nucleon x GeV)`, `/cm^2/50MeV/1E21`.
///
/// Energies are in GeV and lengths in cm; factors after the first slash stand in the denominator. A unit with an
/// unknown word is nil: no conclusion is drawn from it.
struct StatedUnit: Sendable, Equatable {
  /// The text in the file.
  let text: String
  /// The unit in powers of cm, GeV, nucleon, deg and POT.
  let factor: Double
  /// Powers that are not zero, `["cm": 2, "GeV": -1, "nucleon": -1]`.
  let powers: [String: Int]

  /// Parses a unit, nil for an unknown one.
  init?(_ text: String) {
    var parser = StatedUnitParser(text)
    guard let value = parser.value() else { return nil }
    self.text = text
    factor = value.factor
    powers = value.powers.filter { $0.value != 0 }
  }

  /// GeV per unit, nil if it is no energy.
  var energy: Double? { powers == ["GeV": 1] ? factor : nil }

  /// The unit of a double-differential cross section of a measurement, nil if it is none.
  var crossSection: String? {
    guard powers["cm"] == 2, powers["nucleon"] == -1 else { return nil }
    let energies = powers["GeV"] ?? 0
    let energy = [0: "", -1: "/GeV", -2: "/GeV2", -3: "/GeV3"][energies]
    let angle = [0: "", -1: "/deg"][powers["deg"] ?? 0]
    guard let energy, let angle, Set(powers.keys).isSubset(of: ["cm", "nucleon", "GeV", "deg"]) else { return nil }
    return "\(factor) cm2\(energy)\(angle)/nucleon"
  }

  /// Returns the unit in the name of a column: `p [GeV]`, `E_low_GeV`, `d2sigma_1e-39cm2_per_GeV_per_nucleon`.
  static func text(inName name: String) -> String? {
    if let match = name.firstMatch(of: /[\[(]([^\])]+)[\])]\s*$/) { return String(match.1) }
    if let match = name.firstMatch(of: /[_ ]([kMGT]?eV)$/) { return String(match.1) }
    if let match = name.firstMatch(of: /(\d(?:\.\d+)?e-?\d+ ?_?cm\^?2.*)$/.ignoresCase()) {
      return String(match.1).replacing("_per_", with: "/").replacing("_", with: " ")
    }
    return nil
  }
}
