import NuTuneCore
import NuTuneNumerics

/// `fitted-theory`: a theory with some of its parameters free, each with a Gaussian prior, as generators are tuned.
/// Tuning finds the most probable parameters given near-detector data, with their posterior covariance.
package struct FittedTheory: TunableModel, GaussianModel {
  let theory: AdjustableTheory
  let starts: Int
  let infiniteEvents: Double
  let fit: Fit?

  /// The outcome of a tuning.
  struct Fit: Sendable {
    /// Most probable parameters, shape [parameters].
    let values: [Double]
    /// F, where F Fᵀ is the covariance of the parameters in units of their prior errors, upper triangular, shape
    /// [parameters × parameters].
    let factor: Matrix
    /// The theory with these parameters.
    let model: any StructureFunctionModel
  }

  /// Name, parameters and citations.
  package static let descriptor = PluginDescriptor(
    kind: .crossSection, name: "fitted-theory",
    summary:
      "A theory with some of its parameters fitted to near-detector data, each with a Gaussian prior, as "
      + "generators are tuned; with the covariance that the data leave.",
    parameters: [
      ParameterDeclaration(
        "free", required: true, .texts(choices: []),
        "parameters of the theory that are fitted, with their priors: `quasi_elastic.axial_mass = 1.03 ± 0.2`, or "
          + "`dis.scale ± 0.1` around the value of the theory; an error in % is relative to the value"),
      ParameterDeclaration(
        "starts", default: .integer(1), .integer(1...100),
        "searches for the lowest minimum: one from the means of the priors, the others from values drawn from the priors"
      ),
      ParameterDeclaration(
        "noise.infinite_events", default: .number(1e9), .number(1e3...1e15),
        "events that infinite statistics count as: the precision to which bins are believed"),
    ],
    components: [
      ComponentDeclaration("theory", .crossSection, "the structure-function model whose parameters are fitted")
    ],
    citations: [
      Citation(
        key: "Dennis:1981",
        bibtex: """
          @article{Dennis:1981, author = "Dennis, John E. and Gay, David M. and Welsch, Roy E.", title = "{An Adaptive \
          Nonlinear Least-Squares Algorithm}", journal = "ACM Trans. Math. Softw.", volume = "7", pages = "348--368", \
          year = "1981", doi = "10.1145/355958.355965"}
          """)
    ])

  /// Creates an untuned model.
  package init(_ configuration: PluginConfiguration) throws {
    guard let given = configuration.components["theory"],
      let parts = configuration.componentConfigurations["theory"]
    else {
      throw NuTuneError(
        .badData, key: "theory", found: "no theory", expected: "a model whose parameters are fitted, {model: toy-sf}")
    }
    guard let base = given as? any StructureFunctionModel, !(given is any TunableModel) else {
      throw NuTuneError(
        .badData, key: "theory", found: "“\(type(of: given).descriptor.name)”",
        expected: "a model with structure functions of its own, such as toy-sf")
    }
    let parameters = configuration.parameters
    theory = AdjustableTheory(
      base: base, configuration: parts,
      parameters: try FreeParameter.all(
        parameters.texts("free"), of: parts.parameters, theory: type(of: base).descriptor.name))
    starts = parameters.integer("starts")
    infiniteEvents = parameters.number("noise.infinite_events")
    fit = nil
  }

  /// The same model after a tuning.
  init(_ untuned: FittedTheory, values: [Double], factor: Matrix) throws {
    theory = untuned.theory
    starts = untuned.starts
    infiniteEvents = untuned.infiniteEvents
    fit = Fit(values: values, factor: factor, model: try untuned.theory.model(at: values))
  }

  /// Neutrino energies of the theory.
  package var energyRange: ClosedRange<Double>? { theory.base.energyRange }

  /// Accepts the reactions of the theory.
  package func check(_ reactions: [Reaction]) throws { try theory.base.check(reactions) }

  /// Computes W₁…W₅ per nucleon; only after tuning.
  package func structureFunctions(of reaction: Reaction, at points: InvariantPoints) throws -> StructureFunctions {
    try tuned().model.structureFunctions(of: reaction, at: points)
  }

  /// All parameters in units of their prior errors, one group.
  package var weightGroups: [WeightGroup] {
    fit.map { [WeightGroup(name: "parameters", factor: $0.factor, hasUnitPrior: true)] } ?? []
  }

  /// Computes the derivatives of W₁…W₅ with respect to parameters in units of their prior errors, by differences.
  package func basis(
    ofGroup group: Int, weights range: Range<Int>, reaction: Reaction, at points: InvariantPoints
  ) throws -> [StructureFunctions]? {
    let values = try tuned().values
    return try range.map { try theory.derivative(of: $0, at: values)(reaction, points) }
  }

  /// Returns the theory with its parameters displaced by so many prior errors, and held inside their ranges.
  package func displaced(by weights: [[Double]]) throws -> any StructureFunctionModel {
    let fit = try tuned()
    guard weights.count == 1, weights[0].count == fit.values.count else {
      throw NuTuneError(
        .internalError, key: "fitted-theory", found: "\(weights.map(\.count)) weights",
        expected: "\([fit.values.count])")
    }
    return try theory.model(
      at: zip(zip(theory.parameters, fit.values), weights[0]).map { $0.0.held($0.1 + $1 * $0.0.priorError) })
  }

  /// True: its parameters make the rates of all components.
  package var learnsSums: Bool { true }

  private func tuned() throws -> Fit {
    guard let fit else {
      throw NuTuneError(
        .usage, key: "fitted-theory", found: "a model that has not been tuned", expected: "a model after its tuning")
    }
    return fit
  }
}
