import NuTuneCore

/// The parameters of `gaussian-process-sf`.
struct Settings: Sendable {
  /// The choice of hyperparameters.
  enum Choice: String, Sendable, CaseIterable {
    /// Hyperparameters as given.
    case fixed
    /// Hyperparameters that maximise the marginal likelihood of the near data.
    case marginalLikelihood = "marginal-likelihood"
    /// Those of the largest evidence among the ones listed.
    case grid
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

  /// The kernels as given, which are added; one where a study has no list.
  let kernels: [Kernel]
  let choice: Choice
  let functions: Functions
  let massFunctions: MassFunctions
  let spacing: Double
  let infiniteEvents: Double
  /// Largest number of places to start from where data are more than shapes.
  let starts: Int
  /// The kernels, or sums of kernels, to choose from; the given one alone unless the choice is ``Choice/grid``.
  let candidates: [[Kernel]]
  /// Largest amplitude that may be chosen, as given.
  private let givenLargestAmplitude: Double?
  private let hasPrior: Bool

  /// Largest amplitude that a choice may take, of each kernel of a sum: modulations by more absorb what is wrong with the data.
  ///
  /// - Parameter hasTerms: whether data are more than shapes.
  func largestAmplitude(hasTerms: Bool) -> Double {
    givenLargestAmplitude ?? (hasTerms && hasPrior ? Self.standardLargestAmplitude : .infinity)
  }

  /// Whether W₄ and W₅ of a nucleus have modulations of their own.
  ///
  /// - Parameter reactions: those of the near data of the nucleus.
  func separatesMassTerms(seenBy reactions: [Reaction]) -> Bool {
    switch functions {
    case .automatic: Set(reactions.map(\.species.flavor)).count > 1
    case .three: false
    case .five: true
    }
  }

  private static let standardLargestAmplitude = 0.6
  static let mostCandidates = 64
  /// Largest number of kernels that are added.
  private static let mostKernels = 8

  static let parameters = [
    ParameterDeclaration(
      "kernel.length_w2", required: false, .numberOrList(0.05...50, count: 1...mostKernels),
      "correlation length in asinh((W²−M²)/0.25 GeV²); 0.5 with a prior, 1.4 without one when unset"),
    ParameterDeclaration(
      "kernel.length_q2", required: false, .numberOrList(0.05...50, count: 1...mostKernels),
      "correlation length in ln(Q² + 0.03 GeV²); 0.7 with a prior, 2.8 without one when unset"),
    ParameterDeclaration(
      "kernel.amplitude", required: false, .numberOrList(1e-4...100, count: 1...mostKernels),
      "standard deviation of the logarithm of a modulation; 0.4 with a prior, 3 without one when unset. Lists of amplitudes, "
        + "lengths and correlations, or a list of kernels, are those of kernels that are added"),
    ParameterDeclaration(
      "kernel.mass_amplitude", required: false, .numberOrList(1e-4...100, count: 1...mostKernels),
      "standard deviation of the logarithms of W₄/W₂ and W₅/W₂ where they are free; kernel.amplitude when unset"),
    ParameterDeclaration(
      "kernel.correlation", default: .number(0.5), .numberOrList(0...0.99, count: 1...mostKernels),
      "correlation between the functions"),
    ParameterDeclaration(
      "kernel.choice", default: .text("fixed"), .choice(Choice.allCases.map(\.rawValue)),
      "hyperparameters as given, those of the largest marginal likelihood near them, or those of the largest evidence in a "
        + "grid (the lists below); only data that are learned from decide"),
    ParameterDeclaration(
      "kernel.amplitudes", required: false, .numbers(1e-4...100, count: 1...16),
      "values of kernel.amplitude to choose from (choice: grid)"),
    ParameterDeclaration(
      "kernel.lengths_w2", required: false, .numbers(0.05...50, count: 1...16),
      "values of kernel.length_w2 to choose from (choice: grid)"),
    ParameterDeclaration(
      "kernel.lengths_q2", required: false, .numbers(0.05...50, count: 1...16),
      "values of kernel.length_q2 to choose from (choice: grid)"),
    ParameterDeclaration(
      "kernel.correlations", required: false, .numbers(0...0.99, count: 1...16),
      "values of kernel.correlation to choose from (choice: grid)"),
    ParameterDeclaration(
      "kernel.scales", required: false, .numbers(1e-3...1000, count: 1...16),
      "factors of all amplitudes to choose from, of a sum of kernels too (choice: grid)"),
    ParameterDeclaration(
      "kernel.largest_amplitude", required: false, .number(1e-4...100),
      "largest amplitude that may be chosen, of each kernel of a sum; 0.6 when unset with a prior, for a grid and for data "
        + "with numbers or a covariance, no bound elsewhere"),
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
      "starts", default: .integer(3), .integer(1...20),
      "places to search from where data have numbers or a covariance, of which the best is kept: the prior, the fit of "
        + "each dataset alone, weak data"),
    ParameterDeclaration(
      "noise.infinite_events", default: .number(1e9), .number(1e3...1e15),
      "events that infinite statistics count as: the precision to which bins are believed"),
  ]

  init(_ parameters: ParameterValues, hasPrior: Bool) throws {
    kernels = try Self.kernels(parameters, hasPrior: hasPrior)
    self.hasPrior = hasPrior
    starts = parameters.integer("starts")
    givenLargestAmplitude = parameters.optionalNumber("kernel.largest_amplitude")
    let choice = Choice(rawValue: parameters.text("kernel.choice")) ?? .fixed
    self.choice = choice
    candidates = try Self.candidates(
      parameters, choice, around: kernels,
      largestAmplitude: givenLargestAmplitude ?? (hasPrior ? Self.standardLargestAmplitude : .infinity))
    functions = Functions(rawValue: parameters.text("functions")) ?? .automatic
    massFunctions = MassFunctions(rawValue: parameters.text("mass_functions")) ?? .priorRatio
    spacing = parameters.number("kernel.spacing")
    infiniteEvents = parameters.number("noise.infinite_events")
    if functions == .five, massFunctions != .priorRatio {
      throw Self.refusal(
        parameters, "mass_functions", found: "\(massFunctions.rawValue) with five free functions",
        expected: "`functions: three`, because nothing is assumed of W₄ and W₅ that are free")
    }
    if functions == .three, kernels.contains(where: { $0.massAmplitude != nil }) {
      throw Self.refusal(
        parameters, "kernel.mass_amplitude", found: "an amplitude of W₄ and W₅ with three free functions",
        expected: "`functions: five` or auto")
    }
  }
}
