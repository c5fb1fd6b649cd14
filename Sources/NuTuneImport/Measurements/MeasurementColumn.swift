import NuTuneCore

/// The meaning of a column of a table of cross sections.
package enum MeasurementColumn: Sendable, Equatable {
  /// An axis of the bins.
  package enum Axis: Sendable, Equatable {
    /// An observable of the charged lepton.
    case observable(Observable)
    /// T_l = E_l − m_l in GeV, which becomes E_l.
    case kineticEnergy

    /// Finds an axis by its name in options, `lepton_momentum`.
    init(named name: String) throws {
      if name == Self.kineticName {
        self = .kineticEnergy
      } else if let observable = Observable(rawValue: name) {
        self = .observable(observable)
      } else {
        throw refusal(
          name, "one of \(Self.names.joined(separator: ", "))",
          suggestion: Suggestion.nearest(to: name, among: Self.names))
      }
    }

    static let kineticName = "lepton_kinetic_energy"
    static let names = Observable.ofLepton.map(\.rawValue) + [kineticName]

    /// The observable of the entry.
    var observable: Observable {
      switch self {
      case .observable(let observable): observable
      case .kineticEnergy: .leptonEnergy
      }
    }

    /// Converts a value in a file to the observable's unit.
    /// - Parameters:
    ///   - energy: GeV per unit of energy in the file.
    ///   - mass: mass of the lepton in GeV.
    func value(_ text: Double, energy: Double, mass: Double) -> Double {
      switch self {
      case .observable(let observable): observable.unit == "GeV" ? text * energy : text
      case .kineticEnergy: text * energy + mass
      }
    }
  }

  /// Lower edge.
  case low(Axis)
  /// Upper edge.
  case high(Axis)
  /// The cross section.
  case value
  /// One standard deviation; several add in quadrature.
  case error
  /// The row of the covariance that belongs to the bin, counted from 0.
  case row
  /// A column that is not imported.
  case ignored

  /// Names in options.
  static let names =
    "\(Axis.names.map { "\($0).low" }.joined(separator: ", ")) (each with its .high), value, error (several add in "
    + "quadrature), row (of the covariance, from 0), -"

  /// Finds a column by its name.
  init(named name: String) throws {
    switch name {
    case "value": self = .value
    case "error": self = .error
    case "row": self = .row
    case "-": self = .ignored
    case let name where name.hasSuffix(".low"): self = .low(try Axis(named: String(name.dropLast(4))))
    case let name where name.hasSuffix(".high"): self = .high(try Axis(named: String(name.dropLast(5))))
    default:
      throw refusal(
        name, "one of \(Self.names)",
        suggestion: Suggestion.nearest(
          to: name, among: Axis.names.flatMap { ["\($0).low", "\($0).high"] } + ["value", "error", "row"]))
    }
  }
}
