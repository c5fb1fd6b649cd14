import NuTuneCore

/// A theory that is made anew for every value of its free parameters.
struct AdjustableTheory: Sendable {
  /// The theory with the parameters of the study.
  let base: any StructureFunctionModel
  /// What it is made from.
  let configuration: PluginConfiguration
  /// The free parameters.
  let parameters: [FreeParameter]

  /// Half the distance of the two values of a parameter whose difference is its derivative, in prior errors: below the
  /// scale on which a theory bends, and wide enough that steps of its tables and sums do not count.
  private static let step = 2e-3

  /// Name of the theory.
  var name: String { type(of: base).descriptor.name }

  /// Makes the theory with values of the free parameters, shape [parameters].
  func model(at values: [Double]) throws -> any StructureFunctionModel {
    var changed = configuration
    changed.parameters = configuration.parameters.setting(
      Dictionary(uniqueKeysWithValues: zip(parameters, values).map { ($0.name, .number($1)) }))
    return try type(of: base).init(changed)
  }

  /// Computes ∂f/∂η of one parameter, η in units of its prior error, of numbers that follow from the theory.
  ///
  /// A central difference, cut off where the range of the parameter ends.
  func derivative(
    of index: Int, at values: [Double], _ numbers: (any StructureFunctionModel) throws -> [[Double]]
  ) throws -> [[Double]] {
    let parameter = parameters[index]
    func side(_ sign: Double) throws -> (value: Double, numbers: [[Double]]) {
      var moved = values
      moved[index] = parameter.held(values[index] + sign * Self.step * parameter.priorError)
      return (moved[index], try numbers(try model(at: moved)))
    }
    let (up, down) = (try side(1), try side(-1))
    let factor = parameter.priorError / (up.value - down.value)
    return zip(up.numbers, down.numbers).map { zip($0, $1).map { factor * ($0 - $1) } }
  }
}
