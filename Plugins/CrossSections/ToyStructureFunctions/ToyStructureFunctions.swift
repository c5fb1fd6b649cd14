import NuTuneCore

/// `toy-sf`: quasi-elastic plus deep-inelastic scattering with nuclear smearing, analytic; the truth of closure tests.
///
/// The structure functions are sums of ``QuasiElastic`` and ``DeepInelastic``, averaged over the nucleons of the target,
/// and ``MesonExchange`` where it is switched on.
package struct ToyStructureFunctions: SeparableStructureFunctions {
  /// The quasi-elastic part.
  package let quasiElastic: QuasiElastic
  /// The deep-inelastic part.
  package let deepInelastic: DeepInelastic
  /// Scattering off pairs of nucleons, none by default.
  package let mesonExchange: MesonExchange

  /// Name, parameters and citations.
  package static let descriptor = PluginDescriptor(
    kind: .crossSection, name: "toy-sf",
    summary: "Analytic structure functions: quasi-elastic (dipole form factors, Gaussian nuclear response) plus "
      + "deep-inelastic (Bodek–Yang scaling variable); the truth of closure tests.",
    parameters: QuasiElastic.parameters + DeepInelastic.parameters + MesonExchange.parameters,
    retired: DeepInelastic.retired,
    citations: [
      Citation(
        key: "LlewellynSmith:1971uhs",
        bibtex: """
          @article{LlewellynSmith:1971uhs, author = "Llewellyn Smith, C. H.", title = "{Neutrino Reactions at \
          Accelerator Energies}", journal = "Phys. Rept.", volume = "3", pages = "261--379", year = "1972", \
          doi = "10.1016/0370-1573(72)90010-5"}
          """),
      Citation(
        key: "Bodek:2002vp",
        bibtex: """
          @article{Bodek:2002vp, author = "Bodek, A. and Yang, U. K.", title = "{Modeling deep inelastic cross-sections \
          in the few GeV region}", journal = "Nucl. Phys. B Proc. Suppl.", volume = "112", pages = "70--76", \
          year = "2002", eprint = "hep-ex/0203009", archivePrefix = "arXiv"}
          """),
      Citation(
        key: "Bodek:2011ps",
        bibtex: """
          @article{Bodek:2011ps, author = "Bodek, A. and Budd, H. S. and Christy, M. E.", title = "{Neutrino \
          Quasielastic Scattering on Nuclear Targets: Parametrizing Transverse Enhancement (Meson Exchange \
          Currents)}", journal = "Eur. Phys. J. C", volume = "71", pages = "1726", year = "2011", eprint = "1106.0340", \
          archivePrefix = "arXiv", doi = "10.1140/epjc/s10052-011-1726-y"}
          """),
    ])

  /// Creates the model with the parameters of a study.
  package init(_ configuration: PluginConfiguration) throws {
    quasiElastic = QuasiElastic(configuration.parameters)
    deepInelastic = try DeepInelastic(configuration.parameters)
    mesonExchange = MesonExchange(configuration.parameters)
  }

  /// Accepts every charged-current reaction.
  package func check(_ reactions: [Reaction]) {}

  /// Computes W₁…W₅ in GeV⁻¹ per nucleon; continued smoothly to ω ≤ 0, which only nuclear responses reach.
  package func structureFunctions(of reaction: Reaction, at points: InvariantPoints) -> StructureFunctions {
    var functions = StructureFunctions(count: points.count)
    quasiElastic.add(to: &functions, of: reaction, at: points)
    deepInelastic.add(to: &functions, of: reaction, at: points)
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
    if MesonExchange.follows(parameter) { mesonExchange.add(to: &functions, of: reaction, at: points) }
    return functions
  }
}
