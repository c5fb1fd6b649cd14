import NuTuneCore

/// The parameters of `gaussian-process-sf`.
struct Settings: Sendable {
  /// The choice of hyperparameters.
  enum Choice: String, Sendable, CaseIterable {
    /// Hyperparameters as given.
    case fixed
    /// Hyperparameters that maximise the marginal likelihood of the near data.
    case marginalLikelihood = "marginal-likelihood"
  }

  /// Which structure functions have a modulation of their own.
  enum Functions: String, Sendable, CaseIterable {
    /// All five where both leptons of a neutrino sign are observed, three elsewhere.
    case automatic = "auto"
    /// W₁, W₂ and W₃; W₄ and W₅ follow from ``MassFunctions``.
    case three
    /// All five.
    case five
  }

  /// W₄ and W₅ where they have no modulation of their own.
  enum MassFunctions: String, Sendable, CaseIterable {
    /// W₄/W₂ and W₅/W₂ are those of the prior.
    case priorRatio = "prior-ratio"
    /// Both are zero.
    case zero
    /// W₄ = 0 and 2xF₅ = F₂; C. H. Albright, C. Jarlskog, Nucl. Phys. B 84 (1975) 467.
    case albrightJarlskog = "albright-jarlskog"
  }

  /// The kernel of the modulations g_j: amplitude_j · amplitude_k · C_jk · exp[−(t−t')²/2ℓ_t² − (u−u')²/2ℓ_u²], with
  /// C_jj = 1 and C_jk = correlation.
  struct Kernel: Sendable, Hashable {
    var tLength: Double
    var uLength: Double
    var amplitude: Double
    var correlation: Double
    /// Amplitude of g₄ and g₅; that of the others when nil.
    var massAmplitude: Double?
  }

  let kernel: Kernel
  let choice: Choice
  let functions: Functions
  let massFunctions: MassFunctions
  let spacing: Double
  let infiniteEvents: Double

  static let parameters = [
    ParameterDeclaration(
      "kernel.length_w2", required: false, .number(0.05...50),
      "correlation length in asinh((W²−M²)/0.25 GeV²); 0.5 with a prior, 1.4 without one when unset"),
    ParameterDeclaration(
      "kernel.length_q2", required: false, .number(0.05...50),
      "correlation length in ln(Q² + 0.03 GeV²); 0.7 with a prior, 2.8 without one when unset"),
    ParameterDeclaration(
      "kernel.amplitude", required: false, .number(1e-4...100),
      "standard deviation of the logarithm of a modulation; 0.4 with a prior, 3 without one when unset"),
    ParameterDeclaration(
      "kernel.mass_amplitude", required: false, .number(1e-4...100),
      "standard deviation of the logarithms of W₄/W₂ and W₅/W₂ where they are free; kernel.amplitude when unset"),
    ParameterDeclaration(
      "kernel.correlation", default: .number(0.5), .number(0...0.99), "correlation between the functions"),
    ParameterDeclaration(
      "kernel.choice", default: .text("fixed"), .choice(Choice.allCases.map(\.rawValue)),
      "hyperparameters as given, or those of the largest marginal likelihood near them"),
    ParameterDeclaration(
      "kernel.spacing", default: .number(0.7), .number(0.2...2),
      "distance of the points of the basis, in correlation lengths"),
    ParameterDeclaration(
      "functions", default: .text("auto"), .choice(Functions.allCases.map(\.rawValue)),
      "free structure functions of a neutrino sign: all five, three (W₁, W₂, W₃), or auto: five where near data have both "
        + "leptons"),
    ParameterDeclaration(
      "mass_functions", default: .text("prior-ratio"), .choice(MassFunctions.allCases.map(\.rawValue)),
      "W₄ and W₅ where they are not free: the prior's ratio to W₂, zero, or W₄ = 0 and 2xF₅ = F₂ (albright-jarlskog)"),
    ParameterDeclaration(
      "noise.infinite_events", default: .number(1e9), .number(1e3...1e15),
      "events that infinite statistics count as: the precision to which bins are believed"),
  ]

  init(_ parameters: ParameterValues, hasPrior: Bool) throws {
    kernel = Kernel(
      tLength: parameters.optionalNumber("kernel.length_w2") ?? (hasPrior ? 0.5 : 1.4),
      uLength: parameters.optionalNumber("kernel.length_q2") ?? (hasPrior ? 0.7 : 2.8),
      amplitude: parameters.optionalNumber("kernel.amplitude") ?? (hasPrior ? 0.4 : 3),
      correlation: parameters.number("kernel.correlation"),
      massAmplitude: parameters.optionalNumber("kernel.mass_amplitude"))
    choice = Choice(rawValue: parameters.text("kernel.choice")) ?? .fixed
    functions = Functions(rawValue: parameters.text("functions")) ?? .automatic
    massFunctions = MassFunctions(rawValue: parameters.text("mass_functions")) ?? .priorRatio
    spacing = parameters.number("kernel.spacing")
    infiniteEvents = parameters.number("noise.infinite_events")
    func refuse(_ key: String, found: String, expected: String) -> NuTuneError {
      NuTuneError(.badData, at: parameters.location(of: key), key: key, found: found, expected: expected)
    }
    if functions == .five, massFunctions != .priorRatio {
      throw refuse(
        "mass_functions", found: "\(massFunctions.rawValue) with five free functions",
        expected: "`functions: three`, because nothing is assumed of W₄ and W₅ that are free")
    }
    if functions == .three, kernel.massAmplitude != nil {
      throw refuse(
        "kernel.mass_amplitude", found: "an amplitude of W₄ and W₅ with three free functions",
        expected: "`functions: five` or auto")
    }
  }
}
