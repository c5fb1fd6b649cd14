import NuTuneCore

/// The six parameters of three-flavour oscillations, PDG convention U = R₂₃ R₁₃(δ) R₁₂.
public struct MixingParameters: Sendable, Hashable {
  /// sin²θ₁₂.
  public var sin2Theta12: Double
  /// sin²θ₁₃.
  public var sin2Theta13: Double
  /// sin²θ₂₃.
  public var sin2Theta23: Double
  /// δ_CP in radians.
  public var deltaCP: Double
  /// Δm²₂₁ in eV².
  public var deltaMassSquared21: Double
  /// Δm²₃₁ in eV², positive for normal ordering.
  public var deltaMassSquared31: Double
  /// Δm²₃₂ = Δm²₃₁ − Δm²₂₁ in eV².
  public var deltaMassSquared32: Double { deltaMassSquared31 - deltaMassSquared21 }

  /// Creates the six parameters.
  public init(
    sin2Theta12: Double, sin2Theta13: Double, sin2Theta23: Double, deltaCP: Double, deltaMassSquared21: Double,
    deltaMassSquared31: Double
  ) {
    self.sin2Theta12 = sin2Theta12
    self.sin2Theta13 = sin2Theta13
    self.sin2Theta23 = sin2Theta23
    self.deltaCP = deltaCP
    self.deltaMassSquared21 = deltaMassSquared21
    self.deltaMassSquared31 = deltaMassSquared31
  }

  /// NuFIT 6.0, IC24 with SK atmospheric data, normal ordering (JHEP 12 (2024) 216); δ = 212°.
  public static let nufit60NormalOrdering = MixingParameters(
    sin2Theta12: 0.308, sin2Theta13: 0.02215, sin2Theta23: 0.470, deltaCP: 212 * Double.pi / 180,
    deltaMassSquared21: 7.49e-5,
    deltaMassSquared31: 2.513e-3)

  /// Names in studies and fits.
  static let names = [
    "sin2_theta12", "sin2_theta13", "sin2_theta23", "delta_cp", "dm2_21", "dm2_31", "dm2_32",
  ]

  /// Returns one parameter by its name in studies.
  public func value(of name: String) throws -> Double {
    switch name {
    case "sin2_theta12": sin2Theta12
    case "sin2_theta13": sin2Theta13
    case "sin2_theta23": sin2Theta23
    case "delta_cp": deltaCP
    case "dm2_21": deltaMassSquared21
    case "dm2_31": deltaMassSquared31
    case "dm2_32": deltaMassSquared32
    default: throw Self.unknown(name)
    }
  }

  /// Returns the parameters with some of them changed. Δm²₃₁ is kept when only Δm²₂₁ changes; Δm²₃₂ sets Δm²₃₁ = Δm²₃₂
  /// + Δm²₂₁ with the new Δm²₂₁.
  public func setting(_ changes: [String: Double]) throws -> MixingParameters {
    if changes["dm2_31"] != nil, changes["dm2_32"] != nil { throw Self.bothSplittings() }
    var copy = self
    for (name, value) in changes.sorted(by: { $0.key < $1.key }) {
      guard value.isFinite else { throw Self.refused(name, value, "a finite number") }
      switch name {
      case "sin2_theta12": copy.sin2Theta12 = try Self.squaredSine(name, value)
      case "sin2_theta13": copy.sin2Theta13 = try Self.squaredSine(name, value)
      case "sin2_theta23": copy.sin2Theta23 = try Self.squaredSine(name, value)
      case "delta_cp": copy.deltaCP = value
      case "dm2_21": copy.deltaMassSquared21 = value
      case "dm2_31": copy.deltaMassSquared31 = value
      case "dm2_32": continue
      default: throw Self.unknown(name)
      }
    }
    if let deltaMassSquared32 = changes["dm2_32"] {
      copy.deltaMassSquared31 = deltaMassSquared32 + copy.deltaMassSquared21
    }
    return copy
  }

  static func bothSplittings(at location: SourceLocation? = nil) -> NuTuneError {
    NuTuneError(
      .badData, at: location, key: "dm2_32", found: "both dm2_31 and dm2_32",
      expected: "one of them, the other follows from dm2_31 = dm2_32 + dm2_21")
  }

  private static func squaredSine(_ name: String, _ value: Double) throws -> Double {
    guard (0...1).contains(value) else { throw refused(name, value, "a number from 0 to 1") }
    return value
  }

  private static func refused(_ name: String, _ value: Double, _ expected: String) -> NuTuneError {
    NuTuneError(.badData, key: name, found: "\(value)", expected: expected)
  }

  private static func unknown(_ name: String) -> NuTuneError {
    if name == "dm2" {
      return NuTuneError(
        .badData, key: name, found: "a mass splitting without its indices",
        expected: "dm2_21 (solar) and one of dm2_31, dm2_32 (atmospheric), which differ by 3 %")
    }
    return NuTuneError(
      .badData, key: name, found: "an unknown oscillation parameter",
      expected: "one of \(names.joined(separator: ", "))",
      suggestion: Suggestion.nearest(to: name, among: names))
  }
}
