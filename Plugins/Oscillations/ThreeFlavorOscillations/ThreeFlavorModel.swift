import CKernels
import NuTuneCore

/// Three-flavour oscillations in vacuum or constant density, neutrinos and antineutrinos.
///
/// With Δm² in eV² the Hamiltonian is 2E·H = U diag(0, Δm²₂₁, Δm²₃₁) U† ± 2√2 G_F N_e E diag(1, 0, 0); for
/// antineutrinos δ and the potential change sign.
///
/// ## Configuration keys
/// `sin2_theta12`, `sin2_theta13`, `sin2_theta23` (0…1), `delta_cp` (rad), `dm2_21` (eV²), `dm2_31` or `dm2_32` (eV²,
/// signed), `constants` (`codata` or `nufast`). Defaults: NuFIT 6.0, normal ordering.
public struct ThreeFlavorModel: OscillationModel {
  /// Mixing angles, phase and splittings.
  public var mixing: MixingParameters
  /// Physical constants.
  public var constants: OscillationConstants

  /// Range of energies in GeV for which probabilities are computed: below it, the phase is rounding noise; above it,
  /// there is no use for them.
  public static let energyRange: ClosedRange<Double> = 1e-9...1e12

  /// Largest accepted distance of the sum over final flavours from one. Rounding gives about 1e-14; it grows with the
  /// square of the phase only where masses in matter coincide.
  public static let unitarityTolerance = 1e-6

  /// Creates a model from its parameters.
  public init(mixing: MixingParameters = .nufit60NormalOrdering, constants: OscillationConstants = .codata) {
    self.mixing = mixing
    self.constants = constants
  }

  /// Name, parameters, citations.
  public static let descriptor = PluginDescriptor(
    kind: .oscillation, name: "three-flavor",
    summary:
      "Three-flavour oscillations in vacuum or constant density (PDG convention), neutrinos and antineutrinos.",
    parameters: parameters, citations: citations)

  private static let parameters: [ParameterDeclaration] = {
    let best = MixingParameters.nufit60NormalOrdering
    return [
      ParameterDeclaration("sin2_theta12", default: .number(best.sin2Theta12), .number(0...1), "sin²θ₁₂"),
      ParameterDeclaration("sin2_theta13", default: .number(best.sin2Theta13), .number(0...1), "sin²θ₁₃"),
      ParameterDeclaration("sin2_theta23", default: .number(best.sin2Theta23), .number(0...1), "sin²θ₂₃"),
      // A range of one turn in either direction catches degrees.
      ParameterDeclaration(
        "delta_cp", unit: "rad", default: .number(best.deltaCP), .number(-6.2832...6.2832), "CP phase δ"),
      ParameterDeclaration("dm2_21", unit: "eV^2", default: .number(best.deltaMassSquared21), .number(0...1), "Δm²₂₁"),
      // Neither splitting declares a default: the saved study would otherwise hold both.
      ParameterDeclaration(
        "dm2_31", unit: "eV^2", required: false, .number(-1...1),
        "Δm²₃₁, positive for normal ordering; \(best.deltaMassSquared31) when neither it nor dm2_32 is given"
      ).alternative(to: "dm2_32"),
      ParameterDeclaration(
        "dm2_32", unit: "eV^2", required: false, .number(-1...1),
        "Δm²₃₂, instead of dm2_31: dm2_31 = dm2_32 + dm2_21"
      ).alternative(to: "dm2_31"),
      ParameterDeclaration(
        "constants", default: .text("codata"), .choice(OscillationConstants.named.keys.sorted()),
        "phase and potential constants: CODATA, or those of NuFast for comparison with it"),
    ]
  }()

  private static let citations = [
    Citation(
      key: "Denton:2024pqt",
      bibtex: """
        @article{Denton:2024pqt,
          author = {Denton, Peter B. and Parke, Stephen J.},
          title = {Fast and accurate algorithm for calculating long-baseline neutrino oscillation probabilities with matter effects},
          journal = {Phys. Rev. D}, volume = {110}, pages = {073005}, year = {2024}, eprint = {2405.02400}
        }
        """),
    Citation(
      key: "Ohlsson:1999xb",
      bibtex: """
        @article{Ohlsson:1999xb,
          author = {Ohlsson, Tommy and Snellman, H{\\aa}kan},
          title = {Three flavor neutrino oscillations in matter},
          journal = {J. Math. Phys.}, volume = {41}, pages = {2768}, year = {2000}, eprint = {hep-ph/9910546}
        }
        """),
    Citation(
      key: "Esteban:2024eli",
      bibtex: """
        @article{Esteban:2024eli,
          author = {Esteban, Ivan and Gonzalez-Garcia, M. C. and Maltoni, Michele and Martinez-Soler, Ivan and Pinheiro, Jo{\\~a}o Paulo and Schwetz, Thomas},
          title = {NuFit-6.0: updated global analysis of three-flavor neutrino oscillations},
          journal = {JHEP}, volume = {12}, pages = {216}, year = {2024}, eprint = {2410.05380}
        }
        """),
  ]

  /// Creates the model; throws if both `dm2_31` and `dm2_32` are given.
  public init(_ configuration: PluginConfiguration) throws {
    let values = configuration.parameters
    let deltaMassSquared21 = values.number("dm2_21")
    let deltaMassSquared32 = values.optionalNumber("dm2_32")
    if deltaMassSquared32 != nil, values.isGiven("dm2_31") {
      throw MixingParameters.bothSplittings(at: values.location(of: "dm2_32"))
    }
    mixing = MixingParameters(
      sin2Theta12: values.number("sin2_theta12"), sin2Theta13: values.number("sin2_theta13"),
      sin2Theta23: values.number("sin2_theta23"), deltaCP: values.number("delta_cp"),
      deltaMassSquared21: deltaMassSquared21,
      deltaMassSquared31: deltaMassSquared32.map { $0 + deltaMassSquared21 } ?? values.optionalNumber("dm2_31")
        ?? MixingParameters.nufit60NormalOrdering.deltaMassSquared31)
    constants = OscillationConstants.named[values.text("constants")] ?? .codata
  }

  /// All seven names; of `dm2_31` and `dm2_32` a fit varies one.
  public var fittableParameters: [String] { MixingParameters.names }

  /// Returns the current value of one parameter, δ in radians, splittings in eV².
  public func value(of parameter: String) throws -> Double { try mixing.value(of: parameter) }

  /// Returns the model with some parameters changed; see ``MixingParameters/setting(_:)``.
  public func setting(_ changes: [String: Double]) throws -> ThreeFlavorModel {
    ThreeFlavorModel(mixing: try mixing.setting(changes), constants: constants)
  }

  /// Computes probabilities at energies in GeV, shape [9][energies]; about 4 ns per energy in matter, 2 ns in vacuum
  /// (AVX-512; AVX2: 8 ns and 3 ns).
  public func probabilities(
    at energies: [Double], over baseline: Baseline, helicity: Helicity
  ) throws -> OscillationProbabilities {
    let values = try [Double](unsafeUninitializedCapacity: 9 * energies.count) { buffer, initialized in
      try energies.withUnsafeBufferPointer { energies in
        guard let start = buffer.baseAddress, !energies.isEmpty else { return try baseline.check() }
        try writeProbabilities(at: energies, over: baseline, helicity: helicity, to: start)
      }
      initialized = 9 * energies.count
    }
    return OscillationProbabilities(count: energies.count, values: values)
  }

  /// Throws for baselines that do not exist and energies outside ``energyRange``.
  func check<Energies: RandomAccessCollection>(_ energies: Energies, _ baseline: Baseline) throws
  where Energies.Element == Double, Energies.Index == Int {
    try baseline.check()
    if let index = energies.firstIndex(where: { !Self.energyRange.contains($0) }) {
      throw NuTuneError(
        .badData, key: "energy", found: "\(energies[index]) GeV at position \(index)",
        expected: "energies from \(Self.energyRange.lowerBound) to \(Self.energyRange.upperBound) GeV")
    }
  }

  /// Throws if the probabilities miss unitarity by more than ``unitarityTolerance``, or are not numbers.
  static func check(deviation: Double) throws {
    guard deviation <= unitarityTolerance else {
      throw NuTuneError(
        .runtime, key: "oscillation", found: "probabilities that sum to one only within \(deviation)",
        expected: "\(unitarityTolerance): the phase L·Δm²/E is beyond double precision for (nearly) equal masses")
    }
  }

  static func isVacuum(_ baseline: Baseline) -> Bool { baseline.density * baseline.electronFraction == 0 }

  /// What the kernel needs for all energies.
  func coefficients(over baseline: Baseline, helicity: Helicity) -> nutune_oscillation_coefficients {
    nutune_oscillation_prepare(
      [mixing.sin2Theta12, mixing.sin2Theta13, mixing.sin2Theta23], mixing.deltaCP, mixing.deltaMassSquared21,
      mixing.deltaMassSquared31, constants.phase * baseline.length,
      constants.potential * baseline.electronFraction * baseline.density, helicity == .antineutrino ? 1 : 0)
  }
}
