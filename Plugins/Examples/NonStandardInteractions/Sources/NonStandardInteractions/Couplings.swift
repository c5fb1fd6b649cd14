import NuTuneCore

/// Non-standard couplings ε_αβ of neutrinos to matter, per electron, in units of the standard one. A multiple of the
/// unit matrix has no effect, so ε_μμ is subtracted from the diagonal.
public struct Couplings: Sendable, Hashable {
  private var values: [String: Double]

  /// Parameters: two real differences, three moduli and their phases.
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

  /// Names in studies and fits.
  public static let names = parameters.map(\.name)

  /// Creates the couplings from the user's parameters.
  init(_ parameters: ParameterValues) {
    values = Dictionary(uniqueKeysWithValues: Self.names.map { ($0, parameters.number($0)) })
  }

  /// Returns the current value of one of ``names``; nil for another name.
  func value(of name: String) -> Double? { values[name] }

  /// Returns the couplings with some of ``names`` changed; throws for a modulus below zero.
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

  /// Returns the fit domain of one of ``names`` around a value. A modulus starts above zero, since its phase has no
  /// effect at zero.
  static func fitDomain(of name: String, around value: Double) -> FitDomain {
    if name.hasPrefix("phase") {
      return FitDomain(
        unit: "rad", starts: [-2.4, -0.8, 0.8, 2.4].map { value + $0 }, bounds: value - .pi...value + .pi, scale: 0.3)
    }
    return FitDomain(starts: [value + 0.05], bounds: (moduli.contains(name) ? 0 : value - 3)...value + 3, scale: 0.05)
  }

  /// diag(1, 0, 0) + ε, the factor on the standard potential of neutrinos.
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
