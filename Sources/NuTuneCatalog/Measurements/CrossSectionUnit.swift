import NuTuneCore

/// The unit of a differential cross section per nucleon, `1e-39 cm2/GeV/nucleon`.
///
/// What stands below the line follows from the observables: GeV for each energy or momentum, GeV2 for Q², deg for an angle
/// in degrees, and always the nucleon. MeV is understood and becomes GeV.
package struct CrossSectionUnit: Sendable, Hashable, CustomStringConvertible {
  /// The unit in cm² per GeV (per GeV², per degree) and nucleon.
  package let factor: Double
  /// What follows the factor, `cm2/GeV/nucleon`.
  package let dimension: String

  /// The power of GeV in the product of both observables.
  package static func powerOfEnergy(of pair: ObservablePair) -> Int { powerOfEnergy(of: [pair.first, pair.second]) }

  private static func powerOfEnergy(of observables: [Observable]) -> Int {
    observables.reduce(0) { $0 + ($1.unit == "GeV" ? 1 : $1.unit == "GeV2" ? 2 : 0) }
  }

  /// The dimension that cross sections in a pair of observables have, `cm2/GeV2/nucleon` for (p_T, p_∥).
  package static func dimension(of pair: ObservablePair) -> String { dimension(of: [pair.first, pair.second]) }

  private static func dimension(of observables: [Observable]) -> String {
    let units = observables.map(\.unit)
    let energies = powerOfEnergy(of: observables)
    let energy = energies > 1 ? "/GeV\(energies)" : energies == 1 ? "/GeV" : ""
    return "cm2\(energy)\(units.contains("deg") ? "/deg" : "")/nucleon"
  }

  /// Reads a unit, `cm2/GeV/nucleon` with or without a factor before it.
  package init(_ text: String, of pair: ObservablePair, at location: SourceLocation? = nil, key: String) throws {
    try self.init(text, of: [pair.first, pair.second], at: location, key: key)
  }

  /// Reads the unit of a cross section that is differential in some observables.
  package init(_ text: String, of observables: [Observable], at location: SourceLocation? = nil, key: String) throws {
    let expected = Self.dimension(of: observables)
    let compact = text.filter { !$0.isWhitespace }
    let start = compact.range(of: "cm2")?.lowerBound ?? compact.endIndex
    let number = compact[..<start]
    let power = Self.powerOfEnergy(of: observables)
    let ratio = compact[start...].contains("MeV") ? (0..<power).reduce(1.0) { ratio, _ in ratio * 1e3 } : 1
    guard let factor = number.isEmpty ? 1 : Double(number), factor > 0, factor.isFinite,
      compact[start...].replacing("MeV", with: "GeV") == expected
    else {
      throw NuTuneError(
        .badData, at: location, key: key, found: "the unit “\(text)”",
        expected: "\(expected) or a multiple of it, 1e-39 \(expected)")
    }
    self.factor = factor * ratio
    dimension = expected
  }

  /// As it is written, `1e-39 cm2/GeV/nucleon`.
  package var description: String { factor == 1 ? dimension : "\(factor) \(dimension)" }
}
