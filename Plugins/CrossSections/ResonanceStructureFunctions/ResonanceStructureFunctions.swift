import NuTuneCore
import ToyStructureFunctions

/// `toy-sf-resonance`: `toy-sf` with the Δ(1232) and the second resonance region, and its deep-inelastic threshold moved up
/// to make room.
///
///     W_i = W_i^QE + W_i^DIS + (1 − T(W)) |V_ud|² Σ_R n_R w_i^R(W, Q²) B_R(W²)
///
/// T is the threshold function of the deep-inelastic part, which switches the resonances off as it switches that part
/// on, so that nothing is counted twice. Resonances do not interfere, and there is no non-resonant background below the
/// threshold.
package struct ResonanceStructureFunctions: SeparableStructureFunctions {
  /// The quasi-elastic part.
  package let quasiElastic: QuasiElastic
  /// The deep-inelastic part.
  package let deepInelastic: DeepInelastic
  /// Scattering off pairs of nucleons, none by default.
  package let mesonExchange: MesonExchange
  /// The resonances, except those with a scale of zero.
  package let resonances: [Resonance]
  private let isSmeared: Bool

  /// Name, parameters and citations.
  package static let descriptor = PluginDescriptor(
    kind: .crossSection, name: "toy-sf-resonance",
    summary: "toy-sf with the Δ(1232), P₁₁(1440), D₁₃(1520) and S₁₁(1535) between quasi-elastic and deep-inelastic "
      + "scattering (Lalakulich–Paschos form factors, Breit–Wigners smeared by Fermi motion).",
    parameters: QuasiElastic.parameters + DeepInelastic.parameters.map(raised) + ResonanceName.commonParameters
      + ResonanceName.allCases.flatMap(\.parameters) + MesonExchange.parameters,
    retired: DeepInelastic.retired,
    citations: ToyStructureFunctions.descriptor.citations + [
      Citation(
        key: "Lalakulich:2005cs",
        bibtex: """
          @article{Lalakulich:2005cs, author = "Lalakulich, Olga and Paschos, Emmanuel A.", title = "{Resonance \
          production by neutrinos. I. J = 3/2 resonances}", journal = "Phys. Rev. D", volume = "71", pages = "074003", \
          year = "2005", eprint = "hep-ph/0501109", archivePrefix = "arXiv", doi = "10.1103/PhysRevD.71.074003"}
          """),
      Citation(
        key: "Lalakulich:2006sw",
        bibtex: """
          @article{Lalakulich:2006sw, author = "Lalakulich, Olga and Paschos, Emmanuel A. and Piranishvili, Giorgi", \
          title = "{Resonance production by neutrinos: The Second resonance region}", journal = "Phys. Rev. D", \
          volume = "74", pages = "014009", year = "2006", eprint = "hep-ph/0602210", archivePrefix = "arXiv", \
          doi = "10.1103/PhysRevD.74.014009"}
          """),
      Citation(
        key: "Graczyk:2014dpa",
        bibtex: """
          @article{Graczyk:2014dpa, author = "Graczyk, Krzysztof M. and {\\.Z}muda, Jakub and Sobczyk, Jan T.", \
          title = "{Electroweak form factors of the $\\Delta(1232)$ resonance}", journal = "Phys. Rev. D", \
          volume = "90", pages = "093001", year = "2014", eprint = "1407.5445", archivePrefix = "arXiv"}
          """),
    ])

  /// Returns the same declaration, except for the threshold, which is above the resonances.
  private static func raised(_ declaration: ParameterDeclaration) -> ParameterDeclaration {
    var copy = declaration
    if copy.name == "dis.threshold" { copy.defaultValue = .number(1.7) }
    return copy
  }

  /// Creates the model with the parameters of a study.
  package init(_ configuration: PluginConfiguration) throws {
    let parameters = configuration.parameters
    let quasiElastic = QuasiElastic(parameters)
    let deepInelastic = try DeepInelastic(parameters)
    let isSmeared = parameters.boolean("resonance.fermi_motion")
    let mass = PhysicalConstants.nucleonMass
    // From the width at |q| = 0 to the one at |q| → ∞.
    let widest = quasiElastic.responseWidth(omega: 1e6, q2: 0)
    let smearing = isSmeared ? 2 * mass * quasiElastic.widthFloor...2 * mass * widest : nil
    // Where 1 − T has fallen to 10⁻⁸ the resonances are negligible.
    let highest = deepInelastic.thresholdMass + 18 * deepInelastic.thresholdWidth
    resonances = ResonanceName.allCases.filter { parameters.number("\($0.rawValue).scale") > 0 }.map {
      Resonance($0, parameters, smearing: smearing, upTo: highest * highest)
    }
    self.quasiElastic = quasiElastic
    self.deepInelastic = deepInelastic
    mesonExchange = MesonExchange(parameters)
    self.isSmeared = isSmeared
  }

  /// Accepts every charged-current reaction.
  package func check(_ reactions: [Reaction]) {}

  /// Computes W₁…W₅ in GeV⁻¹ per nucleon; continued smoothly to ω ≤ 0, which only Fermi motion reaches.
  package func structureFunctions(of reaction: Reaction, at points: InvariantPoints) -> StructureFunctions {
    var functions = StructureFunctions(count: points.count)
    quasiElastic.add(to: &functions, of: reaction, at: points)
    deepInelastic.add(to: &functions, of: reaction, at: points)
    addResonances(to: &functions, of: reaction, at: points) { _ in true }
    mesonExchange.add(to: &functions, of: reaction, at: points)
    return functions
  }

  /// Computes the sum of the parts of W₁…W₅ that a parameter changes, in GeV⁻¹ per nucleon.
  package func structureFunctions(changedBy parameter: String, of reaction: Reaction, at points: InvariantPoints)
    -> StructureFunctions
  {
    var functions = StructureFunctions(count: points.count)
    if QuasiElastic.follows(parameter) { quasiElastic.add(to: &functions, of: reaction, at: points) }
    if DeepInelastic.follows(parameter) { deepInelastic.add(to: &functions, of: reaction, at: points) }
    let changesAll = Self.sharedByResonances.contains(parameter)
    addResonances(to: &functions, of: reaction, at: points) {
      changesAll || parameter.hasPrefix("\($0.rawValue).")
    }
    if MesonExchange.follows(parameter) { mesonExchange.add(to: &functions, of: reaction, at: points) }
    return functions
  }

  /// Parameters that change every resonance: their common ones, the threshold below which they are, and the width of the
  /// quasi-elastic response.
  private static let sharedByResonances = Set(
    ResonanceName.commonParameters.map(\.name) + [
      "dis.threshold", "dis.threshold_width", "quasi_elastic.fermi_momentum", "quasi_elastic.width_floor",
      "quasi_elastic.width_scale",
    ])

  private func addResonances(
    to functions: inout StructureFunctions, of reaction: Reaction, at points: InvariantPoints,
    where isIncluded: (ResonanceName) -> Bool
  ) {
    let mass = PhysicalConstants.nucleonMass
    let isFree = !isSmeared || reaction.target.nucleons == 1
    let factors = resonances.map {
      isIncluded($0.name) ? PhysicalConstants.vud * PhysicalConstants.vud * $0.weight(of: reaction) * $0.scale : 0
    }
    guard factors.contains(where: { $0 > 0 }) else { return }
    for i in 0..<points.count {
      let (omega, q2) = (points.omega[i], points.q2[i])
      let w2 = Kinematics.hadronicMassSquared(omega: omega, q2: q2)
      guard w2 > SmearedShape.lowest else { continue }
      let w = w2.squareRoot()
      let left = 1 - deepInelastic.threshold(hadronicMass: w)
      guard left > 1e-8 else { continue }
      // W₄ is always multiplied by ω again.
      let divisor = abs(omega) > 1e-12 ? omega : 1e-12
      let smearing = isFree ? 0 : 2 * mass * quasiElastic.responseWidth(omega: omega, q2: q2)
      for (index, factor) in factors.enumerated() where factor > 0 {
        // Read in place: a copy of a resonance counts references to its tables for every node.
        let shape =
          isFree
          ? resonances[index].shape.value(massSquared: w2)
          : resonances[index].shape.value(massSquared: w2, smearing: smearing)
        let strength = factor * left * shape
        guard strength > 1e-12 else { continue }
        let transition = resonances[index].functions(mass: w, q2: q2)
        functions.w[0][i] += strength * transition.w1
        functions.w[1][i] += strength * transition.w2
        functions.w[2][i] += strength * transition.w3
        // F₄ = ω W₄ multiplies q^μ q^ν 2/Q², so W₄ is Q²/(2Mω) times the coefficient of q^μ q^ν/M².
        functions.w[3][i] += strength * transition.w4 * q2 / (2 * mass * divisor)
        functions.w[4][i] += strength * transition.w5
      }
    }
  }
}
