import NuTuneCore
import NuTuneFolding

/// A whole study in well under a second: a truth makes near-detector data, a model is tuned to them, and both predict
/// the oscillated far detector. Every part can be replaced by a plugin under test.
///
///     let study = try TinyStudy(nearFlux: MyFlux(…))
///     let tuned = try model.tuned(on: study.problem()).model
///     #expect(try study.run(tuned).near.tv < 0.01)
///
/// It is coarse: 12 bins, neutrinos from 0.4 to 4 GeV. Compare its numbers with each other, never with data.
public struct TinyStudy: Sendable {
  /// The neutrino species and the target.
  public let reaction: Reaction
  /// The model that makes the data.
  public let truth: any CrossSectionModel
  /// The measured bins.
  public let binning: Binning

  private let detector: any Detector
  private let oscillation: (any OscillationModel)?
  private let threads: Int
  private let seed: UInt64
  private let cells: EnergyCells
  private let nearFlux: [Double]
  private let farFlux: [Double]

  /// Rates of truth and model in the measured bins of a detector.
  public struct Comparison: Sendable {
    /// Rates of the truth, shape [bins].
    public var truth: [Double]
    /// Rates of the model, shape [bins].
    public var model: [Double]

    /// Total variation ½Σ|p − q| of the two shapes.
    public var tv: Double {
      let (ofTruth, ofModel) = (truth.reduce(0, +), model.reduce(0, +))
      return zip(truth, model).reduce(0) { $0 + abs($1.0 / ofTruth - $1.1 / ofModel) } / 2
    }
  }

  /// The comparisons of a study at both detectors.
  public struct Outcome: Sendable {
    /// Comparison at the near detector.
    public var near: Comparison
    /// Comparison at the far detector, 1284.9 km away.
    public var far: Comparison
  }

  /// Returns 4 × 3 bins in (E_l, cosθ).
  public static func binning() throws -> Binning {
    try Binning(Axis(.leptonEnergy, edges: [0.3, 0.7, 1.1, 1.7, 3]), Axis(.cosTheta, edges: [-1, 0.5, 0.85, 1]))
  }

  /// Creates a study from its parts; fixtures by default.
  ///
  /// - Parameters:
  ///   - reaction: ν_μ on argon when nil.
  ///   - truth: the model that makes the data.
  ///   - binning: ``binning()`` when nil.
  ///   - nearFlux: flux at the near detector.
  ///   - farFlux: flux at the far detector, before oscillation.
  ///   - detector: response of both detectors.
  ///   - oscillation: none when nil.
  ///   - threads: number of threads of a tuning.
  ///   - seed: seed of a tuning.
  public init(
    reaction: Reaction? = nil, truth: any CrossSectionModel = ConstantStructureFunctions(), binning: Binning? = nil,
    nearFlux: any FluxProvider = BellFlux(), farFlux: any FluxProvider = BellFlux(energy: 2, width: 0.6),
    detector: any Detector = IdentityDetector(), oscillation: (any OscillationModel)? = nil, threads: Int = 1,
    seed: UInt64 = 1
  ) throws {
    self.reaction = try reaction ?? Reaction(species: .numu, target: Target(named: "Ar40"))
    self.truth = truth
    self.binning = try binning ?? Self.binning()
    self.detector = detector
    self.oscillation = oscillation
    self.threads = threads
    self.seed = seed
    let served = truth.energyRange ?? Self.energies
    let low = max(served.lowerBound, Self.energies.lowerBound)
    let high = min(served.upperBound, Self.energies.upperBound)
    guard high - low > 0.1 else {
      throw NuTuneError(
        .badData, key: "energyRange", found: "a model for \(served) GeV",
        expected: "one for neutrino energies in \(Self.energies) GeV")
    }
    cells = EnergyCells.standard(over: low...high, scale: 10)
    let (species, cells) = (self.reaction.species, cells)
    func means(of flux: any FluxProvider, times weight: ([Double]) throws -> [Double]?) throws -> [Double] {
      let averaging = try cells.averaging(breakpoints: flux.breakpoints)
      let density = try flux.density(of: species, at: averaging.energies)
      let weights = try weight(averaging.energies)
      return averaging.means(of: weights.map { zip(density, $0).map { $0 * $1 } } ?? density)
    }
    self.nearFlux = try means(of: nearFlux) { _ in nil }
    self.farFlux = try means(of: farFlux) { energies in
      let probabilities = try oscillation?.probabilities(
        at: energies, over: Baseline(length: 1284.9, density: 2.848), helicity: species.helicity)
      return probabilities.map { Array($0[species.flavor, species.flavor]) }
    }
  }

  /// Range of neutrino energies of the fold, GeV.
  public static let energies = 0.4...4.0

  /// Creates the tuning problem of the study: the truth's near-detector bin probabilities, infinite statistics.
  public func problem() throws -> TuningProblem {
    let trueBins = try detector.trueBinning(for: binning)
    let response = try detector.response(for: binning)
    let grid = NodeGrid(maximumEnergy: 4, tCount: 36, uCount: 20)
    let table = try FoldTable(
      binning: trueBins, species: reaction.species, cells: cells, grid: grid, plan: plan, threads: 1)
    let runs = table.collapsed(weights: nearFlux, response: response, threads: 1)
    let nodes = ActiveNodes(grid: grid, touchedBy: [runs])
    let rates = try rates(of: truth, weights: nearFlux)
    let total = rates.reduce(0, +)
    let (cells, nearFlux, reaction) = (cells, nearFlux, reaction)
    let sample = TuningSample(
      sample: Sample(reaction: reaction, mode: "fhc", site: .near, binning: binning),
      probabilities: rates.map { $0 / total }, events: nil, nodeOperator: try CollapsedFold(runs, nodes: nodes),
      quadrature: { resolution in
        try PointFold(
          binning: trueBins, species: reaction.species, cells: cells.merged(resolution.mergedCells),
          weights: cells.merged(resolution.mergedCells, means: nearFlux),
          plan: QuadraturePlan(
            accuracy: nil, energyPoints: resolution.energyPoints, firstPoints: resolution.firstPoints,
            secondPoints: resolution.secondPoints), response: response)
      })
    return TuningProblem(
      nodes: nodes.invariants(),
      samples: [sample], seed: seed, threads: threads)
  }

  /// Compares a model with the truth at both detectors; throws for invalid rates.
  public func run(_ model: any CrossSectionModel) throws -> Outcome {
    func comparison(_ weights: [Double]) throws -> Comparison {
      Comparison(truth: try rates(of: truth, weights: weights), model: try rates(of: model, weights: weights))
    }
    return Outcome(near: try comparison(nearFlux), far: try comparison(farFlux))
  }

  private var plan: QuadraturePlan {
    QuadraturePlan(accuracy: nil, energyPoints: 1, firstPoints: 3, secondPoints: 3)
  }

  private func rates(of model: any CrossSectionModel, weights: [Double]) throws -> [Double] {
    let response = try DirectFold.cellResponse(
      of: model, reaction: reaction, binning: try detector.trueBinning(for: binning), cells: cells, plan: plan,
      response: try detector.response(for: binning), threads: 1)
    let rates = response.rates(weights: weights)
    guard rates.allSatisfy(\.isFinite), rates.reduce(0, +) > 0 else {
      throw NuTuneError(
        .runtime, key: "rates", found: "\(rates)", expected: "finite rates, some of them above zero")
    }
    return rates
  }
}
