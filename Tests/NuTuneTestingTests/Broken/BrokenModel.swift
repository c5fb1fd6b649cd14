import NuTuneCore
import NuTuneNumerics
import NuTuneTesting

/// Constant structure functions that break one promise of a cross-section model.
struct BrokenModel: StructureFunctionModel, GaussianModel {
  enum Fault: String, FaultNames {
    case none, cannotBeMade, refusesAll, negative, notANumber, count, closedRegion, zero, dependsOnBatch,
      dependsOnCall, emptyBatch, answersOutside, functionsNotFinite, fourFunctions, otherCrossSection,
      functionsDependOnBatch, negativeTransverse, negativeLongitudinal, largeParityViolation, heldAtZero, factor,
      basisCount, basisDependsOnOthers, basisIsNoDerivative, badEnd, speechlessEnd, idle, failsInStudy
  }

  static let descriptor = PluginDescriptor(
    kind: .crossSection, name: "broken-model", summary: "Breaks a promise.",
    parameters: [
      Fault.declaration, ParameterDeclaration("value", unit: "1/GeV", default: .number(1), .number(0.1...100), "W₁"),
    ], citations: [])

  let fault: Fault
  let value: Double
  let energyRange: ClosedRange<Double>?

  init(_ configuration: PluginConfiguration) throws {
    fault = Fault(configuration)
    let value = configuration.parameters.number("value")
    if fault == .cannotBeMade { throw refusal("a plugin") }
    if fault == .speechlessEnd, value == 100 { throw Speechless() }
    self.value = fault == .idle ? 1 : value
    energyRange = fault == .answersOutside ? 0.4...5 : nil
  }

  func check(_ reactions: [Reaction]) throws {
    if fault == .refusesAll { throw refusal("a reaction") }
  }

  func structureFunctions(of reaction: Reaction, at points: InvariantPoints) -> StructureFunctions {
    var functions = ConstantStructureFunctions(value).structureFunctions(of: reaction, at: points)
    for i in 0..<points.count {
      let whole = functions.w[0][i]
      let momentum = (points.q2[i] + points.omega[i] * points.omega[i]).squareRoot()
      switch fault {
      case .functionsNotFinite: functions.w[3][i] = .infinity
      case .functionsDependOnBatch: functions.w[1][i] *= 1 + 0.01 * Double(points.count)
      case .negativeTransverse:
        functions.w[0][i] = -whole
        functions.w[1][i] = 3 * whole
      case .negativeLongitudinal: functions.w[1][i] = 0.02 * whole
      case .largeParityViolation: functions.w[2][i] = 1.5 * whole * 2 * PhysicalConstants.nucleonMass / momentum
      case .heldAtZero: functions.w[4][i] = 5e3 * whole
      default: break
      }
    }
    if fault == .fourFunctions { functions.w.removeLast() }
    return functions
  }

  func crossSection(of reaction: Reaction, at points: KinematicPoints) throws -> [Double] {
    // A study has no negative lepton energies among its points, where samples have.
    if fault == .failsInStudy, points.count > 1, points.leptonEnergy.allSatisfy({ $0 > 0 }) { throw refusal("points") }
    let tensor = LeptonTensor(reaction.species)
    let invariants = points.invariants(leptonMass: tensor.leptonMass)
    let allowed = points.leptonEnergy.indices.map {
      points.leptonEnergy[$0] > tensor.leptonMass && invariants.omega[$0] > 0 && invariants.q2[$0] > 0
    }
    var functions = structureFunctions(of: reaction, at: invariants)
    if fault == .fourFunctions { functions.w.append(functions.w[3]) }
    let raw = tensor.crossSection(of: functions, at: points, invariants: invariants)
    var values = raw.indices.map { allowed[$0] ? max(raw[$0], 0) : 0 }
    let call = Calls.next()
    switch fault {
    case .negative: values = values.map { -$0 }
    case .notANumber: values = values.map { $0 > 0 ? .nan : 0 }
    case .count: values.append(0)
    case .closedRegion: values = values.map { $0 + 1 }
    case .zero: values = values.map { _ in 0 }
    case .dependsOnBatch: values = values.map { $0 * (1 + 0.01 * Double(points.count)) }
    case .dependsOnCall: values = values.map { $0 * (1 + 1e-9 * Double(call % 1000)) }
    case .emptyBatch: if points.count == 0 { values = [1] }
    case .otherCrossSection: values = values.map { 1.2 * $0 }
    case .badEnd: if value == 100 { values = values.map { _ in .infinity } }
    case .functionsNotFinite, .functionsDependOnBatch: values = values.map { $0.isFinite ? $0 : 0 }
    default: break
    }
    return values
  }

  var weightGroups: [WeightGroup] {
    // All but those of the faults below have nothing open, as a model without weights.
    switch fault {
    case .factor: [WeightGroup(name: "all", factor: Matrix(rows: 2, columns: 3))]
    case .basisCount, .basisDependsOnOthers, .basisIsNoDerivative:
      [WeightGroup(name: "all", factor: Matrix(rows: 3, columns: 3))]
    default: []
    }
  }

  func basis(
    ofGroup group: Int, weights range: Range<Int>, reaction: Reaction, at points: InvariantPoints
  ) throws -> [StructureFunctions]? {
    let count = fault == .basisCount ? 1 : range.count
    var functions = ConstantStructureFunctions(1).structureFunctions(of: reaction, at: points)
    if fault == .basisDependsOnOthers { functions.w[0] = functions.w[0].map { $0 * Double(range.count) } }
    return [StructureFunctions](repeating: functions, count: count)
  }

  func displaced(by weights: [[Double]]) -> any StructureFunctionModel {
    let change = weights.joined().reduce(0, +)
    return ConstantStructureFunctions(value + (fault == .basisIsNoDerivative ? 1.2 : 1) * change)
  }
}

/// ``BrokenModel`` without weights: models that are linear in weights are only warned about a tensor that is not positive.
struct BrokenTensor: StructureFunctionModel {
  static let descriptor = PluginDescriptor(
    kind: .crossSection, name: "broken-tensor", summary: "Is no positive hadron tensor.",
    parameters: BrokenModel.descriptor.parameters.declarations, citations: [])

  let model: BrokenModel

  init(_ configuration: PluginConfiguration) throws { model = try BrokenModel(configuration) }
  func check(_ reactions: [Reaction]) {}
  func structureFunctions(of reaction: Reaction, at points: InvariantPoints) -> StructureFunctions {
    model.structureFunctions(of: reaction, at: points)
  }
}
