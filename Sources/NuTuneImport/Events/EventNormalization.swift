import NuTuneCore

/// What turns weights of events into cross sections.
package enum EventNormalization: Sendable, Equatable {
  /// The cross section averaged over the flux that all events of a file have together, with one standard deviation,
  /// both in 10⁻³⁸ cm² per nucleon.
  case total(Double, error: Double)
  /// The cross section that an event of weight one is worth, in 10⁻³⁸ cm² per nucleon.
  case perEvent(Double)

  /// Reads `0.95e-38 cm2/nucleon`.
  static func read(_ text: String) throws -> EventNormalization {
    let compact = text.filter { !$0.isWhitespace }
    let ending = "cm2/nucleon"
    guard compact.hasSuffix(ending), let value = Double(compact.dropLast(ending.count)), value > 0,
      (1e-44...1e-35).contains(value)
    else { throw refusal(text, "a cross section as 0.95e-38 cm2/nucleon") }
    return .total(value * 1e38, error: 0)
  }
}
