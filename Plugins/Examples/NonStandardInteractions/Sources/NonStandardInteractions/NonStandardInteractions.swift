import NuTuneCore
import ThreeFlavorOscillations

/// `non-standard-interactions`: three flavours in constant density with non-standard couplings ε_αβ to matter,
///
///     2E·H = U diag(0, Δm²₂₁, Δm²₃₁) U† ± 2√2 G_F N_e E [diag(1, 0, 0) + ε]
///     P(ν_α → ν_β) = |Σ_k V_βk exp(−i λ_k L/2E) V*_αk|²       with λ and V those of 2E·H
///
/// for neutrinos; antineutrinos have U* and −[…]*. The diagonalisation is exact, without an expansion in ε or Δm²₂₁.
public struct NonStandardInteractions: OscillationModel {
  /// Mixing, splittings and constants.
  public let standard: ThreeFlavorModel
  /// The couplings in addition to the standard one.
  public let couplings: Couplings

  /// Name, parameters (those of `three-flavor` and ε) and citations.
  public static let descriptor = PluginDescriptor(
    kind: .oscillation, name: "non-standard-interactions",
    summary: "Three-flavour oscillations in constant density with non-standard couplings ε to matter.",
    parameters: ThreeFlavorModel.descriptor.parameters.declarations + Couplings.parameters,
    citations: [
      Citation(
        key: "Farzan:2017xzy",
        bibtex: """
          @article{Farzan:2017xzy, author = "Farzan, Y. and Tortola, M.", title = "{Neutrino oscillations and \
          Non-Standard Interactions}", journal = "Front. in Phys.", volume = "6", pages = "10", year = "2018", \
          eprint = "1710.09360", archivePrefix = "arXiv", doi = "10.3389/fphy.2018.00010"}
          """)
    ] + ThreeFlavorModel.descriptor.citations)

  /// Creates the model with the parameters of a study.
  public init(_ configuration: PluginConfiguration) throws {
    standard = try ThreeFlavorModel(configuration)
    couplings = Couplings(configuration.parameters)
  }

  private init(standard: ThreeFlavorModel, couplings: Couplings) {
    self.standard = standard
    self.couplings = couplings
  }

  /// The names of `three-flavor` and of ``Couplings``.
  public var fittableParameters: [String] { standard.fittableParameters + Couplings.names }

  /// Returns the current value of one parameter, phases in radians, splittings in eV².
  public func value(of parameter: String) throws -> Double {
    try couplings.value(of: parameter) ?? standard.value(of: parameter)
  }

  /// Returns the fit domain of a parameter around its current value.
  public func fitDomain(of parameter: String) throws -> FitDomain {
    guard let value = couplings.value(of: parameter) else { return try standard.fitDomain(of: parameter) }
    return Couplings.fitDomain(of: parameter, around: value)
  }

  /// Returns the model with some parameters changed.
  public func setting(_ changes: [String: Double]) throws -> NonStandardInteractions {
    let own = changes.filter { Couplings.names.contains($0.key) }
    let others = changes.filter { !Couplings.names.contains($0.key) }
    return NonStandardInteractions(
      standard: try standard.setting(others), couplings: try couplings.setting(own))
  }

  /// Computes probabilities at energies in GeV, shape [9][energies].
  public func probabilities(
    at energies: [Double], over baseline: Baseline, helicity: Helicity
  ) throws -> OscillationProbabilities {
    try baseline.check()
    if let index = energies.firstIndex(where: { !ThreeFlavorModel.energyRange.contains($0) }) {
      throw NuTuneError(
        .badData, key: "energy", found: "\(energies[index]) GeV at position \(index)",
        expected: "energies from \(ThreeFlavorModel.energyRange.lowerBound) to "
          + "\(ThreeFlavorModel.energyRange.upperBound) GeV")
    }
    let isNeutrino = helicity == .neutrino
    let masses = isNeutrino ? standard.mixing.massMatrix : standard.mixing.massMatrix.conjugate
    let potential = isNeutrino ? couplings.potential : couplings.potential.conjugate
    let strength = helicity.sign * standard.constants.potential * baseline.electronFraction * baseline.density
    var rows = [Double](repeating: 0, count: 9 * energies.count)
    for (i, energy) in energies.enumerated() {
      let system = Eigensystem(of: masses.adding(strength * energy, times: potential))
      // k Δm² L/E is Δm² L/4E.
      let turns = system.values.map {
        Complex(modulus: 1, phase: -2 * standard.constants.phase * baseline.length / energy * $0)
      }
      for from in 0..<3 {
        for to in 0..<3 {
          var amplitude = Complex(0)
          for k in 0..<3 {
            amplitude = amplitude + system.vectors[3 * to + k] * turns[k] * system.vectors[3 * from + k].conjugate
          }
          rows[(3 * from + to) * energies.count + i] = amplitude.squaredModulus
        }
      }
    }
    return OscillationProbabilities(count: energies.count, values: rows)
  }
}
