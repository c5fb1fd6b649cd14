import NuTuneCore

/// `super-scaling`: quasi-elastic scattering with the superscaling function of electron scattering (SuSA).
///
/// The response of a nucleus is the response of its nucleons times S = M/(|q|k_F) · f(ψ′), which becomes δ(ω − Q²/2M)
/// as k_F → 0. With κ = |q|/2M, τ = Q²/4M², a = Mω/Q², N = |V_ud|² S · (N/A for ν, Z/A for ν̄):
///
///     W₁ = N [τG_M² + (1+τ)F_A²]
///     W₂ = N (τ/κ²) [G_E² + τG_M² + (1+τ)F_A²]
///     W₃ = −2N F_A G_M √(τ(1+τ))/κ
///     W₄ = [a²W₂ − W₁M²/Q² + N (F_A − 2τF_P)²/4τ] / 2a
///     W₅ = aW₂
///
/// These are U_L = (κ²/τ)G_E² and U_T, U_T′ of J. E. Amaro et al., Phys. Rev. C 71 (2005) 015501, to leading order in
/// k_F/M, in the tensor basis of NuTune: a positive hadron tensor with a conserved vector current at every (ω, Q²), and
/// Llewellyn Smith's nucleon on the peak.
public struct SuperScaling: StructureFunctionModel {
  private let formFactors: NucleonFormFactors
  private let function: ScalingFunction
  private let variables: [Nucleus: ScalingVariable]

  /// Name, parameters and citations.
  public static let descriptor = PluginDescriptor(
    kind: .crossSection, name: "super-scaling",
    summary: "Quasi-elastic scattering by superscaling (SuSA): nucleon form factors times one measured function of ψ′.",
    parameters: [
      ParameterDeclaration(
        "scaling_function", default: .text("superscaling"), .choice(ScalingFunction.allCases.map(\.rawValue)),
        "f(ψ′): as fitted to electron scattering, or of a Fermi gas"),
      ParameterDeclaration(
        "axial_mass", unit: "GeV", default: .number(1.03), .number(0.1...10), "dipole mass M_A of F_A"),
      ParameterDeclaration("axial_coupling", default: .number(-1.267), .number(-10...0), "F_A at Q² = 0"),
    ]
      + Nucleus.allCases.map {
        ParameterDeclaration(
          "fermi_momentum.\($0.rawValue)", unit: "GeV", default: .number($0.standard.fermiMomentum), .number(1e-4...1),
          "k_F of \($0.rawValue)")
      }
      + Nucleus.allCases.map {
        ParameterDeclaration(
          "energy_shift.\($0.rawValue)", unit: "GeV", default: .number($0.standard.energyShift), .number(0...0.2),
          "E_s of \($0.rawValue)")
      },
    citations: [
      Citation(
        key: "Amaro:2004bs",
        bibtex: """
          @article{Amaro:2004bs, author = "Amaro, J. E. and Barbaro, M. B. and Caballero, J. A. and Donnelly, T. W. and \
          Molinari, A. and Sick, I.", title = "{Using electron scattering superscaling to predict charge-changing \
          neutrino cross sections in nuclei}", journal = "Phys. Rev. C", volume = "71", pages = "015501", year = "2005", \
          eprint = "nucl-th/0409078", archivePrefix = "arXiv", doi = "10.1103/PhysRevC.71.015501"}
          """),
      Citation(
        key: "Maieron:2001it",
        bibtex: """
          @article{Maieron:2001it, author = "Maieron, C. and Donnelly, T. W. and Sick, Ingo", title = "{Extended \
          superscaling of electron scattering from nuclei}", journal = "Phys. Rev. C", volume = "65", \
          pages = "025502", year = "2002", eprint = "nucl-th/0109032", archivePrefix = "arXiv"}
          """),
    ])

  /// Creates the model with the parameters of a study.
  public init(_ configuration: PluginConfiguration) throws {
    let values = configuration.parameters
    formFactors = NucleonFormFactors(
      axialMass: values.number("axial_mass"), axialCoupling: values.number("axial_coupling"))
    function = ScalingFunction(rawValue: values.text("scaling_function")) ?? .superscaling
    variables = Dictionary(
      uniqueKeysWithValues: Nucleus.allCases.map {
        let variable = ScalingVariable(
          fermiMomentum: values.number("fermi_momentum.\($0.rawValue)"),
          energyShift: values.number("energy_shift.\($0.rawValue)"))
        return ($0, variable)
      })
  }

  /// Throws for reactions on free protons, which do not scale. Neutrinos interact with neutrons only, so targets with
  /// hydrogen are allowed for them.
  public func check(_ reactions: [Reaction]) throws {
    for reaction in reactions { _ = try variable(for: reaction) }
  }

  /// Computes W₁…W₅ in GeV⁻¹ per nucleon of the target, shape [points]; zero where ω is below the energy shift by more
  /// than |q|.
  public func structureFunctions(of reaction: Reaction, at points: InvariantPoints) throws -> StructureFunctions {
    let variable = try variable(for: reaction)
    let target = reaction.target
    let fraction = reaction.species.helicity == .neutrino ? target.neutronFraction : target.protonFraction
    let mass = PhysicalConstants.nucleonMass
    let factor = PhysicalConstants.vud * PhysicalConstants.vud * fraction * mass / variable.fermiMomentum
    var functions = StructureFunctions(count: points.count)
    for i in 0..<points.count {
      let (omega, q2) = (points.omega[i], points.q2[i])
      guard let psi = variable.value(omega: omega, q2: q2) else { continue }
      let momentumSquared = q2 + omega * omega
      let norm = factor / momentumSquared.squareRoot() * function.value(psi)
      guard norm > 1e-30 else { continue }
      let tau = q2 / (4 * mass * mass)
      let (electric, magnetic, axial, pseudoscalar) = formFactors.values(q2: q2)
      let transverse = tau * magnetic * magnetic + (1 + tau) * axial * axial
      let divergence = axial - 2 * tau * pseudoscalar
      let ratio = mass * omega / q2
      let w1 = norm * transverse
      let w2 = norm * q2 / momentumSquared * (electric * electric + transverse)
      functions.w[0][i] = w1
      functions.w[1][i] = w2
      functions.w[2][i] =
        -2 * norm * axial * magnetic * (q2 * (1 + tau) / momentumSquared).squareRoot()
      functions.w[3][i] =
        (ratio * ratio * w2 + (norm * divergence * divergence - w1) / (4 * tau)) / (2 * ratio)
      functions.w[4][i] = ratio * w2
    }
    return functions
  }

  private func variable(for reaction: Reaction) throws -> ScalingVariable {
    let nucleus = Nucleus(in: reaction.target)
    // Antineutrinos also interact with the free protons of CH, CH₂ and H₂O.
    let isBound = nucleus?.rawValue == reaction.target.name || reaction.species.helicity == .neutrino
    guard let nucleus, isBound, let variable = variables[nucleus] else {
      throw NuTuneError(
        .badData, key: "target", found: "\(reaction.species.rawValue) on free protons in \(reaction.target.name)",
        expected: "a nucleus, one of \(Nucleus.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    return variable
  }
}
