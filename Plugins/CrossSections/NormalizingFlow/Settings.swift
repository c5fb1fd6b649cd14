import NuTuneCore
import NuTuneLearning

/// The parameters of `normalizing-flow`.
struct Settings: Sendable {
  let shape: FlowShape
  let forward: Double
  let resolution: QuadratureResolution
  let training: TrainingSettings

  static let parameters =
    [
      ParameterDeclaration(
        "spline.bins", default: .numbers([12, 6, 8]), .integers(2...256, count: 3...3),
        "bins of the splines along E_ν, E_l and cosθ"),
      ParameterDeclaration(
        "spline.forward", default: .number(20), .number(1e-3...1e6),
        "how much room the coordinate behind cosθ, ln(1 + forward·(1 − cosθ)/2), makes for forward leptons"),
      ParameterDeclaration(
        "network.hidden", default: .numbers([32, 32]), .integers(1...4096, count: 1...12),
        "widths of the hidden layers of the nets that shape the splines along E_l and cosθ"),
      Activation.parameter,
      ParameterDeclaration(
        "network.input_scale", default: .number(1), .number(0.01...100), "inputs of the nets lie within ± this"),
      ParameterDeclaration(
        "quadrature.merged_cells", default: .integer(4), .integer(1...1000),
        "E_ν cells of the study that make one during training"),
      ParameterDeclaration(
        "quadrature.points_energy", default: .integer(1), .integer(1...32),
        "quadrature points in each of these during training"),
      ParameterDeclaration(
        "quadrature.points_lepton", default: .integer(4), .integer(1...32),
        "least number of quadrature points along the first observable of a bin during training"),
      ParameterDeclaration(
        "quadrature.points_angle", default: .integer(4), .integer(1...32),
        "least number of quadrature points along the second observable of a bin during training"),
      ParameterDeclaration(
        "quadrature.accuracy", default: .number(1e-2), .number(1e-6...0.5),
        "relative error above which a bin gets more points during training; bins of one row that have the same points "
          + "share what the nets say of them, so a tighter one costs more than its points"),
    ]
    + TrainingSettings.parameters(
      steps: 3000, finalLearningRate: 3e-5,
      floorMeaning:
        "share of the rate that is added to each bin, because some are reached between quadrature points only")

  init(_ parameters: ParameterValues) throws {
    forward = parameters.number("spline.forward")
    resolution = QuadratureResolution(
      mergedCells: parameters.integer("quadrature.merged_cells"),
      energyPoints: parameters.integer("quadrature.points_energy"),
      firstPoints: parameters.integer("quadrature.points_lepton"),
      secondPoints: parameters.integer("quadrature.points_angle"),
      accuracy: parameters.number("quadrature.accuracy"))
    do throws(LearningError) {
      shape = try FlowShape(
        bins: parameters.integers("spline.bins"), hidden: parameters.integers("network.hidden"),
        activation: Activation(parameters), inputScale: parameters.number("network.input_scale"))
      training = try TrainingSettings(parameters)
    } catch {
      throw NuTuneError(.badData, found: error.description, expected: "nets and a schedule that make sense")
    }
  }
}
