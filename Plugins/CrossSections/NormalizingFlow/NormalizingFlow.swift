import NuTuneCore
import NuTuneLearning
import NuTuneNumerics

/// `normalizing-flow`: the cross section as a probability density in (E_ν, E_l, cosθ), trained on near-detector data.
///
/// The model that fails, kept for comparison: it contains positivity and the kinematic limits but not that the hadron
/// tensor depends on two invariants only, and near-detector data are one two-dimensional marginal of a density in three
/// dimensions. The absolute scale is not learned: cross sections are in arbitrary units.
package struct NormalizingFlow: TunableModel {
  private let settings: Settings
  private let tuned: TunedFlow?

  /// Name, parameters and citations.
  package static let descriptor = PluginDescriptor(
    kind: .crossSection, name: "normalizing-flow",
    summary: "An autoregressive spline flow in (E_ν, E_l, cosθ), tuned on the near-detector distribution: the baseline "
      + "that reproduces the near detector and fails at the far one.",
    parameters: Settings.parameters,
    citations: [
      Citation(
        key: "Durkan:2019nsq",
        bibtex: """
          @inproceedings{Durkan:2019nsq, author = "Durkan, Conor and Bekasov, Artur and Murray, Iain and \
          Papamakarios, George", title = "{Neural Spline Flows}", booktitle = "{Advances in Neural Information \
          Processing Systems 32}", eprint = "1906.04032", archivePrefix = "arXiv", primaryClass = "stat.ML", \
          year = "2019"}
          """),
      Citation(
        key: "Hackett:2024xnq",
        bibtex: """
          @article{Hackett:2024xnq, author = "Hackett, Daniel C. and Isaacson, Joshua and Li, Shirley Weishi and \
          Tame-Narvaez, Karla and Wagman, Michael L.", title = "{Machine Learning Neutrino-Nucleus Cross Sections}", \
          eprint = "2412.16303", archivePrefix = "arXiv", primaryClass = "hep-ph", year = "2024"}
          """),
    ])

  /// Creates an untuned model.
  package init(_ configuration: PluginConfiguration) throws {
    self.init(settings: try Settings(configuration.parameters), tuned: nil)
  }

  private init(settings: Settings, tuned: TunedFlow?) {
    self.settings = settings
    self.tuned = tuned
  }

  /// Accepts any reactions on one target; after tuning, the species of the tuning data.
  package func check(_ reactions: [Reaction]) throws {
    let targets = Set(reactions.map(\.target.name)).sorted()
    guard targets.count <= 1 else {
      throw NuTuneError(
        .badData, key: "model", found: "“normalizing-flow” for the targets \(targets.joined(separator: ", "))",
        expected: "one target, because its densities are told apart by species alone; neural-sf learns several")
    }
    if let tuned { for reaction in reactions { _ = try tuned.density(of: reaction.species) } }
  }

  /// Returns the density as a cross section in arbitrary units; only after tuning. Zero outside the folded neutrino
  /// energies.
  package func crossSection(of reaction: Reaction, at points: KinematicPoints) throws -> [Double] {
    try density(of: reaction.species).values(at: points)
  }

  /// Returns the trained density of a species.
  package func density(of species: NeutrinoSpecies) throws -> FlowDensity {
    guard let tuned else {
      throw NuTuneError(
        .usage, key: "normalizing-flow", found: "a model that has not been tuned", expected: "a tuned model")
    }
    return try tuned.density(of: species)
  }

  /// Learns shapes only: a density is normalised to one and has no scale.
  package var comparesShapesOnly: Bool { true }

  /// Trains on near-detector data; deterministic for a seed and any number of threads.
  package func tuned(on problem: TuningProblem) throws -> TuningResult {
    let setup = try Setup(problem, settings)
    let (parameters, record) = try settings.training.train(
      on: problem, objective: { try setup.objective($0) as FlowObjective<Float> },
      start: { try setup.initialParameters() })
    let flow = setup.flow(parameters)
    return TuningResult(model: NormalizingFlow(settings: settings, tuned: flow), state: flow.state(), record: record)
  }

  /// Restores the tuned model from a saved state.
  package func restored(from state: ModelState) throws -> any CrossSectionModel {
    NormalizingFlow(
      settings: settings, tuned: try TunedFlow(state, shape: settings.shape, forward: settings.forward))
  }

  /// Computes the loss of the whole chain flow → quadrature → deviance and its gradient, in double precision, at given
  /// parameters of all densities (nil: the initial ones of a training); for checks of the gradient.
  package func deviance(
    on problem: TuningProblem, parameters: [Double]? = nil
  ) throws -> (loss: Double, gradient: [Double], parameters: [Double]) {
    let setup = try Setup(problem, settings)
    let objective: FlowObjective<Double> = try setup.objective(problem)
    let parameters = try parameters ?? setup.initialParameters()
    var gradient = [Double](repeating: 0, count: objective.parameterCount)
    let loss = try parameters.withUnsafeBufferPointer { parameters in
      try gradient.withUnsafeMutableBufferPointer { try objective.evaluate(parameters: parameters, gradient: $0) }
    }
    return (loss, gradient, parameters)
  }
}

/// The parts from which a training is made.
private struct Setup {
  private let seed: UInt64
  private let settings: Settings
  private let operators: [any PointOperator]
  private let species: [NeutrinoSpecies]
  private let coordinates: [NeutrinoSpecies: FlowCoordinates]

  init(_ problem: TuningProblem, _ settings: Settings) throws {
    seed = problem.seed
    self.settings = settings
    operators = try problem.samples.map { try $0.quadrature(settings.resolution) }
    var energies: [NeutrinoSpecies: ClosedRange<Double>] = [:]
    for (sample, pointOperator) in zip(problem.samples, operators) {
      let range = pointOperator.neutrinoEnergies
      let known = energies[sample.sample.reaction.species] ?? range
      energies[sample.sample.reaction.species] =
        min(known.lowerBound, range.lowerBound)...max(known.upperBound, range.upperBound)
    }
    species = NeutrinoSpecies.allCases.filter { energies[$0] != nil }
    coordinates = Dictionary(
      uniqueKeysWithValues: energies.map { species, range in
        (
          species,
          FlowCoordinates(energies: range, leptonMass: species.leptonMass, forward: settings.forward)
        )
      })
  }

  /// Makes the objective for the data of a problem with the same samples.
  func objective<Scalar: NetworkScalar>(_ problem: TuningProblem) throws -> FlowObjective<Scalar> {
    try FlowObjective(
      problem: problem, operators: operators, coordinates: coordinates, species: species, shape: settings.shape,
      floor: settings.training.floor)
  }

  /// Draws initial parameters, each species from its own random stream.
  func initialParameters<Scalar: NetworkScalar>() throws -> [Scalar] {
    try species.flatMap { species -> [Scalar] in
      let stream = try RandomStream(seed: seed, purpose: "normalizing-flow.\(species.rawValue)", member: 0)
      return settings.shape.initialParameters { stream.gaussian() }
    }
  }

  func flow(_ parameters: [Float]) -> TunedFlow {
    let count = settings.shape.parameterCount
    return TunedFlow(
      species: species,
      densities: species.enumerated().compactMap { index, species in
        coordinates[species].map {
          FlowDensity(
            coordinates: $0, shape: settings.shape, parameters: Array(parameters[index * count..<(index + 1) * count]))
        }
      })
  }
}
