import NeuralStructureFunctions
import NuTuneCore
import Testing

/// Compares the gradient of net → fold → deviance with differences of fourth order, in double precision.
struct GradientCheck {
  let model: NeuralStructureFunctions
  let problem: TuningProblem
  /// Where the gradient is checked, parameters of all nets.
  let parameters: [Double]
  let gradient: [Double]
  /// - Parameter parameters: parameters of all nets; nil: those at the start of a training.
  init(_ model: NeuralStructureFunctions, problem: TuningProblem, at parameters: [Double]? = nil) throws {
    let start = try model.deviance(on: problem, parameters: parameters)
    self.model = model
    self.problem = problem
    self.parameters = start.parameters
    gradient = start.gradient
  }

  /// Checks the derivative along a direction, which is taken with length one.
  func along(_ direction: [Double]) throws {
    let norm = direction.reduce(0) { $0 + $1 * $1 }.squareRoot()
    let direction = direction.map { $0 / norm }
    let along = zip(gradient, direction).reduce(0) { $0 + $1.0 * $1.1 }
    func loss(_ step: Double) throws -> Double {
      try model.deviance(on: problem, parameters: zip(parameters, direction).map { $0 + step * $1 }).loss
    }
    let h = 1e-3
    let difference = try (8 * (loss(h) - loss(-h)) - (loss(2 * h) - loss(-2 * h))) / (12 * h)
    #expect(abs(along - difference) <= 1e-6 * max(abs(difference), 1e-2), "\(along) against \(difference)")
  }

  /// Checks the derivative with respect to one parameter.
  func along(parameter: Int) throws {
    var direction = [Double](repeating: 0, count: parameters.count)
    direction[parameter] = 1
    try along(direction)
  }
}
