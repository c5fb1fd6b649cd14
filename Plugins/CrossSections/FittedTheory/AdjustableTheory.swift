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

  /// Values of all its declared parameters.
  var values: [ParameterValue?] {
    configuration.parameters.schema.declarations.map { configuration.parameters[$0.name] }
  }

  /// Makes the theory with values of the free parameters, shape [parameters].
  func model(at values: [Double]) throws -> any StructureFunctionModel {
    var changed = configuration
    changed.parameters = configuration.parameters.setting(
      Dictionary(uniqueKeysWithValues: zip(parameters, values).map { ($0.name, .number($1)) }))
    return try type(of: base).init(changed)
  }

  /// Computes structure functions, or derivatives of them, of a reaction at some points.
  typealias Functions = (Reaction, InvariantPoints) throws -> StructureFunctions

  /// Returns the derivatives ∂W/∂η of the structure functions with respect to one parameter, η in units of its prior error.
  ///
  /// A central difference, cut off where the range of the parameter ends; of a sum of parts only those that the parameter
  /// changes.
  func derivative(of index: Int, at values: [Double]) throws -> Functions {
    let parameter = parameters[index]
    func side(_ sign: Double) throws -> (value: Double, functions: Functions) {
      var moved = values
      moved[index] = parameter.held(values[index] + sign * Self.step * parameter.priorError)
      let theory = try model(at: moved)
      guard let sum = theory as? any SeparableStructureFunctions else {
        return (moved[index], theory.structureFunctions(of:at:))
      }
      return (moved[index], { try sum.structureFunctions(changedBy: parameter.name, of: $0, at: $1) })
    }
    let (up, down) = (try side(1), try side(-1))
    let factor = parameter.priorError / (up.value - down.value)
    return { reaction, points in
      var result = try up.functions(reaction, points)
      let other = try down.functions(reaction, points)
      for i in result.w.indices {
        for point in 0..<points.count { result.w[i][point] = factor * (result.w[i][point] - other.w[i][point]) }
      }
      return result
    }
  }
}
