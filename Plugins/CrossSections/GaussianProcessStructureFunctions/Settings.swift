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

  /// The kernel of the modulations g_j: amplitude² · C_jk · exp[−(t−t')²/2ℓ_t² − (u−u')²/2ℓ_u²], with C_jj = 1 and
  /// C_jk = correlation.
  struct Kernel: Sendable, Hashable {
    var tLength: Double
    var uLength: Double
    var amplitude: Double
    var correlation: Double
  }

  let kernel: Kernel
  let choice: Choice
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
      "kernel.correlation", default: .number(0.5), .number(0...0.99), "correlation between the functions"),
    ParameterDeclaration(
      "kernel.choice", default: .text("fixed"), .choice(Choice.allCases.map(\.rawValue)),
      "hyperparameters as given, or those of the largest marginal likelihood near them"),
    ParameterDeclaration(
      "kernel.spacing", default: .number(0.7), .number(0.2...2),
      "distance of the points of the basis, in correlation lengths"),
    ParameterDeclaration(
      "noise.infinite_events", default: .number(1e9), .number(1e3...1e15),
      "events that infinite statistics count as: the precision to which bins are believed"),
  ]

  init(_ parameters: ParameterValues, hasPrior: Bool) {
    kernel = Kernel(
      tLength: parameters.optionalNumber("kernel.length_w2") ?? (hasPrior ? 0.5 : 1.4),
      uLength: parameters.optionalNumber("kernel.length_q2") ?? (hasPrior ? 0.7 : 2.8),
      amplitude: parameters.optionalNumber("kernel.amplitude") ?? (hasPrior ? 0.4 : 3),
      correlation: parameters.number("kernel.correlation"))
    choice = Choice(rawValue: parameters.text("kernel.choice")) ?? .fixed
    spacing = parameters.number("kernel.spacing")
    infiniteEvents = parameters.number("noise.infinite_events")
  }
}
