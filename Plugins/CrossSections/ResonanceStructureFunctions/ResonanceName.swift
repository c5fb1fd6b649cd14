import NuTuneCore

/// The resonances of the first and second region.
package enum ResonanceName: String, Sendable, CaseIterable {
  /// P₃₃(1232).
  case delta
  /// P₁₁(1440).
  case p11 = "p11_1440"
  /// D₁₃(1520).
  case d13 = "d13_1520"
  /// S₁₁(1535).
  case s11 = "s11_1535"

  /// l of the decay into Nπ.
  var orbital: Int {
    switch self {
    case .delta, .p11: 1
    case .d13: 2
    case .s11: 0
    }
  }
  var isSpinThreeHalf: Bool { self == .delta || self == .d13 }
  var isIsospinThreeHalf: Bool { self == .delta }
  var hasPositiveParity: Bool { self == .delta || self == .p11 }
}

extension ResonanceName {
  /// Parameters of all resonances together.
  static let commonParameters = [
    ParameterDeclaration(
      "resonance.vector_mass", unit: "GeV", default: .number(0.84), .number(0.1...10), "dipole mass M_V"),
    ParameterDeclaration(
      "resonance.axial_mass", unit: "GeV", default: .number(1.05), .number(0.1...10), "dipole mass M_A"),
    ParameterDeclaration(
      "resonance.fermi_motion", default: .boolean(true), .boolean,
      "smear W² by 2M times the width of the quasi-elastic response, in targets other than H1"),
  ]

  /// Parameters of this resonance. The form factors belong to the charged current: for isospin 1/2 they are the
  /// proton's electromagnetic ones times −2, with the isoscalar part neglected. The Δ's axial C₅(0) is the 1.10 ± 0.15
  /// that Graczyk, Żmuda and Sobczyk fit to the bubble chambers' data; Lalakulich and Paschos have 1.2.
  var parameters: [ParameterDeclaration] {
    switch self {
    case .delta:
      spinThreeHalf(
        mass: 1.232, width: 0.120, vector: [(2.13, 0.25), (-1.51, 0.25), (0.48, 1 / 0.776)], axial: 1.1, ratio: -0.25)
    case .p11:
      spinHalf(mass: 1.440, width: 0.350, vector: [(-4.6, 1 / 4.3, 0), (1.52, 0, -2.8)], axial: -0.51)
    case .d13:
      spinThreeHalf(
        mass: 1.520, width: 0.125, vector: [(-5.9, 1 / 8.9), (2.1, 1 / 8.9), (0.96, 0)], axial: -2.1, ratio: 0)
    case .s11:
      spinHalf(mass: 1.535, width: 0.150, vector: [(-4.0, 1 / 1.2, 7.2), (-1.68, 0, 0.11)], axial: -0.21)
    }
  }

  private func massAndWidth(_ mass: Double, _ width: Double) -> [ParameterDeclaration] {
    [
      ParameterDeclaration(
        "\(rawValue).mass", unit: "GeV", default: .number(mass), .number(1.1...2.5), "mass M_R"),
      ParameterDeclaration(
        "\(rawValue).width", unit: "GeV", default: .number(width), .number(0.02...1), "width Γ_R at W = M_R"),
      ParameterDeclaration("\(rawValue).scale", default: .number(1), .number(0...100), "factor on its contribution"),
    ]
  }

  private func formFactor(
    _ name: String, _ value: Double, _ falloff: Double, logarithm: Double? = nil
  ) -> [ParameterDeclaration] {
    [
      ParameterDeclaration(
        "\(rawValue).\(name)_vector", default: .number(value), .number(-100...100), "vector form factor at Q² = 0"),
      ParameterDeclaration(
        "\(rawValue).\(name)_falloff", default: .number(falloff), .number(0...10),
        "b in its factor 1/(1+bQ²/M_V²) beside the dipole"),
    ]
      + (logarithm.map {
        [
          ParameterDeclaration(
            "\(rawValue).\(name)_logarithm", default: .number($0), .number(-100...100),
            "c in its factor 1+c·ln(1+Q²/GeV²)")
        ]
      } ?? [])
  }

  private func axialFalloff() -> ParameterDeclaration {
    ParameterDeclaration(
      "\(rawValue).axial_falloff", default: .number(1.0 / 3), .number(0...10),
      "b in the factor 1/(1+bQ²/M_A²) beside the axial dipole")
  }

  private func spinThreeHalf(
    mass: Double, width: Double, vector: [(Double, Double)], axial: Double, ratio: Double
  ) -> [ParameterDeclaration] {
    massAndWidth(mass, width) + zip(["c3", "c4", "c5"], vector).flatMap { formFactor($0, $1.0, $1.1) } + [
      ParameterDeclaration(
        "\(rawValue).c5_axial", default: .number(axial), .number(-100...100), "axial form factor C₅ at Q² = 0"),
      ParameterDeclaration(
        "\(rawValue).axial_ratio", default: .number(ratio), .number(-10...10), "axial C₄/C₅; the axial C₃ is zero"),
      axialFalloff(),
    ]
  }

  private func spinHalf(
    mass: Double, width: Double, vector: [(Double, Double, Double)], axial: Double
  ) -> [ParameterDeclaration] {
    massAndWidth(mass, width)
      + zip(["g1", "g2"], vector).flatMap { formFactor($0, $1.0, $1.1, logarithm: $1.2) } + [
        ParameterDeclaration(
          "\(rawValue).g1_axial", default: .number(axial), .number(-100...100), "axial form factor at Q² = 0"),
        axialFalloff(),
      ]
  }
}
