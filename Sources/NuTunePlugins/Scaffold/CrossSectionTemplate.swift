/// Quasi-elastic scattering with dipole form factors and a Gaussian response.
enum CrossSectionTemplate: PluginTemplate {
  static let summary =
    "It comes with quasi-elastic scattering: dipole form factors and a Gaussian peak at the energy of a nucleon at rest."

  static func use(_ name: PluginName) -> String {
    """
    a study names it once:

    ```yaml
    plugins: [../\(name.module)]
    models:
      mine: {model: \(name.plugin), axial_mass: 1.1}
    ```
    """
  }

  static func source(_ name: PluginName) -> String { name.filled(into: model) }

  private static let model = #"""
    import Foundation
    import NuTuneCore

    /// Quasi-elastic scattering: what a free nucleon does to transverse and longitudinal bosons, w_T and w_L from dipole form
    /// factors, and a Gaussian in ω around the place of a nucleon at rest,
    ///
    ///     W_T(ω, Q²) = N · w_T(Q²) · exp(−(ω − Q²/2M)²/2σ²) / (σ√2π),   W_L alike,
    ///
    /// with N the share of nucleons that can take part. W₁ = W_T, W₂ = (W_T + W_L) Q²/|q|² and |W₃| ≤ 2M W_T/|q| are then a
    /// positive hadron tensor everywhere. A model that gives structure functions gets fold tables from nutune;
    /// its cross section follows from the lepton tensor.
    package struct __MODULE__: StructureFunctionModel {
      private let axialMass: Double
      private let width: Double

      /// Name, parameters and citations, said once: help, checks and documentation are made of this.
      package static let descriptor = PluginDescriptor(
        kind: .crossSection, name: "__PLUGIN__",
        summary: "Quasi-elastic scattering: dipole form factors and a Gaussian response.",
        parameters: [
          ParameterDeclaration(
            "axial_mass", unit: "GeV", default: .number(1.03), .number(0.5...2), "dipole mass M_A of the axial form factor"),
          ParameterDeclaration(
            "width", unit: "GeV", default: .number(0.06), .number(0.01...0.5), "standard deviation σ of the peak in ω"),
        ],
        citations: [
          Citation(
            key: "LlewellynSmith:1971uhs",
            bibtex: """
              @article{LlewellynSmith:1971uhs, author = "Llewellyn Smith, C. H.", title = "{Neutrino Reactions at \
              Accelerator Energies}", journal = "Phys. Rept.", volume = "3", pages = "261--379", year = "1972", \
              doi = "10.1016/0370-1573(72)90010-5"}
              """)
        ])

      /// The model with the parameters of a study; they are inside their declared ranges.
      package init(_ configuration: PluginConfiguration) throws {
        axialMass = configuration.parameters.number("axial_mass")
        width = configuration.parameters.number("width")
      }

      /// Serves every charged-current reaction.
      package func check(_ reactions: [Reaction]) throws {}

      /// W₁…W₅ in GeV⁻¹ per nucleon, shape [points] each.
      package func structureFunctions(of reaction: Reaction, at points: InvariantPoints) throws -> StructureFunctions {
        let mass = PhysicalConstants.nucleonMass
        let isNeutrino = reaction.species.helicity == .neutrino
        let share = isNeutrino ? reaction.target.neutronFraction : reaction.target.protonFraction
        var functions = StructureFunctions(count: points.count)
        for i in 0..<points.count {
          let (omega, q2) = (points.omega[i], points.q2[i])
          let pull = (omega - q2 / (2 * mass)) / width
          let peak = exp(-pull * pull / 2) / (width * (2 * Double.pi).squareRoot())
          let strength = PhysicalConstants.vud * PhysicalConstants.vud * share * peak
          let nucleon = nucleon(q2: q2)
          let momentumSquared = q2 + omega * omega
          functions.w[0][i] = strength * nucleon.transverse
          functions.w[1][i] = strength * (nucleon.transverse + nucleon.longitudinal) * q2 / momentumSquared
          functions.w[2][i] = strength * nucleon.parityViolating * 2 * mass / momentumSquared.squareRoot()
          // The current is taken as conserved; what the lepton's mass brings in beyond that is left out.
          functions.w[4][i] = functions.w[1][i] * mass * omega / q2
          let divisor = omega == 0 ? 1e-12 : omega  // W₄ is used times ω only
          functions.w[3][i] = (omega * functions.w[4][i] - mass * functions.w[0][i]) / (2 * divisor)
        }
        return functions
      }

      /// w_T, w_L and |w₃||q|/2M of a free nucleon at Q² in GeV².
      func nucleon(q2: Double) -> (transverse: Double, longitudinal: Double, parityViolating: Double) {
        let mass = PhysicalConstants.nucleonMass
        let tau = q2 / (4 * mass * mass)
        let electric = 1 / pow(1 + q2 / 0.71, 2)
        let magnetic = 4.706 * electric
        let axial = 1.267 / pow(1 + q2 / (axialMass * axialMass), 2)
        return (
          (1 + tau) * axial * axial + tau * magnetic * magnetic, electric * electric,
          2 * axial * magnetic * (tau * (1 + tau)).squareRoot()
        )
      }
    }

    """#

  static func test(_ name: PluginName) -> String {
    #"""
      @Test("transverse and longitudinal parts at Q² = 0 are those of the couplings")
      func couplings() throws {
        let model = try \#(name.module)(PluginConfiguration(parameters: \#(name.module).descriptor.parameters.defaults()))
        let nucleon = model.nucleon(q2: 0)
        #expect(abs(nucleon.transverse - 1.267 * 1.267) < 1e-12)
        #expect(nucleon.longitudinal == 1 && nucleon.parityViolating == 0)
      }
    """#
  }
}
