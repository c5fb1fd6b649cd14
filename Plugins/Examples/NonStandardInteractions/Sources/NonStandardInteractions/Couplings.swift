import NuTuneCore

/// Non-standard couplings ε_αβ of neutrinos to matter, per electron, in units of the standard one. A multiple of the
/// unit matrix has no effect, so ε_μμ is taken out of the diagonal.
public struct Couplings: Sendable, Hashable {
  private var values: [String: Double]

  /// What may be set: two real differences, three moduli and their phases.
  public static let parameters: [ParameterDeclaration] = [
    ParameterDeclaration("epsilon_ee", default: .number(0), .number(-10...10), "ε_ee − ε_μμ"),
    ParameterDeclaration("epsilon_tautau", default: .number(0), .number(-10...10), "ε_ττ − ε_μμ"),
    ParameterDeclaration("epsilon_emu", default: .number(0), .number(0...10), "|ε_eμ|"),
    ParameterDeclaration("epsilon_etau", default: .number(0), .number(0...10), "|ε_eτ|"),
    ParameterDeclaration("epsilon_mutau", default: .number(0), .number(0...10), "|ε_μτ|"),
    ParameterDeclaration("phase_emu", unit: "rad", default: .number(0), .number(-6.2832...6.2832), "phase of ε_eμ"),
    ParameterDeclaration("phase_etau", unit: "rad", default: .number(0), .number(-6.2832...6.2832), "phase of ε_eτ"),
    ParameterDeclaration("phase_mutau", unit: "rad", default: .number(0), .number(-6.2832...6.2832), "phase of ε_μτ"),
  ]

  /// Names as in studies and fits.
  public static let names = parameters.map(\.name)

  /// The couplings that a user gave.
  init(_ parameters: ParameterValues) {
    values = Dictionary(uniqueKeysWithValues: Self.names.map { ($0, parameters.number($0)) })
  }

  /// One of ``names`` now; nil for another.
  func value(of name: String) -> Double? { values[name] }

  /// The same with some of ``names`` changed; a modulus below zero is refused.
  func setting(_ changes: [String: Double]) throws -> Couplings {
    var copy = self
    for (name, value) in changes.sorted(by: { $0.key < $1.key }) {
      guard value.isFinite, value >= 0 || !Self.moduli.contains(name) else {
        throw NuTuneError(.badData, key: name, found: "\(value)", expected: "a finite number ≥ 0")
      }
      copy.values[name] = value
    }
    return copy
  }

  /// Where a fit looks for one of ``names`` around a value. A modulus starts off zero, where its phase says nothing.
  static func fitDomain(of name: String, around value: Double) -> FitDomain {
    if name.hasPrefix("phase") {
      return FitDomain(
        unit: "rad", starts: [-2.4, -0.8, 0.8, 2.4].map { value + $0 }, bounds: value - .pi...value + .pi, scale: 0.3)
    }
    return FitDomain(starts: [value + 0.05], bounds: (moduli.contains(name) ? 0 : value - 3)...value + 3, scale: 0.05)
  }

  /// diag(1, 0, 0) + ε, what multiplies the standard potential of neutrinos.
  var potential: HermitianMatrix {
    func number(_ name: String) -> Double { values[name] ?? 0 }
    return HermitianMatrix(
      diagonal: [1 + number("epsilon_ee"), 0, number("epsilon_tautau")],
      upper: ["emu", "etau", "mutau"].map {
        Complex(modulus: number("epsilon_\($0)"), phase: number("phase_\($0)"))
      })
  }

  private static let moduli: Set<String> = ["epsilon_emu", "epsilon_etau", "epsilon_mutau"]
}
