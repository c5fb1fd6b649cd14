import NuTuneCore
import Testing

@Suite struct EffectiveStructureFunctionTests {
  private let points = InvariantPoints(omega: [0.05, 0.4, 1.5, 9], q2: [0.02, 0.7, 0.3, 4])

  /// In the convention itself (W₄ = 0, W₅ = W₂Mω/Q²) the three functions come back.
  @Test(arguments: NeutrinoSpecies.allCases)
  func theConventionIsAFixedPoint(_ species: NeutrinoSpecies) {
    var functions = StructureFunctions(count: points.count)
    for i in 0..<points.count {
      functions.w[0][i] = 0.3 + Double(i)
      functions.w[1][i] = 0.7 - 0.1 * Double(i)
      functions.w[2][i] = -0.4 + 0.5 * Double(i)
      functions.w[4][i] = functions.w[1][i] * PhysicalConstants.nucleonMass * points.omega[i] / points.q2[i]
    }
    let tensor = LeptonTensor(species)
    let effective = tensor.effectiveFunctions(nodeValues: tensor.nodeValues(of: functions, at: points), at: points)
    for row in 0..<3 {
      // b and c cancel by up to ω²/Q² before W₁ and W₃ are what is left.
      for i in 0..<points.count { #expect(abs(effective[row][i] - functions.w[row][i]) < 1e-12) }
    }
  }

  /// Other functions with any W₄, W₅: the effective ones have the same node values, so the same cross section.
  @Test(arguments: NeutrinoSpecies.allCases)
  func theCrossSectionStays(_ species: NeutrinoSpecies) {
    var functions = StructureFunctions(count: points.count)
    for i in 0..<points.count {
      for row in 0..<5 { functions.w[row][i] = 1 + 0.3 * Double(row) - 0.2 * Double(i) }
    }
    let tensor = LeptonTensor(species)
    let values = tensor.nodeValues(of: functions, at: points)
    let effective = tensor.effectiveFunctions(nodeValues: values, at: points)
    var same = StructureFunctions(count: points.count)
    for i in 0..<points.count {
      for row in 0..<3 { same.w[row][i] = effective[row][i] }
      same.w[4][i] = effective[1][i] * PhysicalConstants.nucleonMass * points.omega[i] / points.q2[i]
    }
    for (expected, found) in zip(values, tensor.nodeValues(of: same, at: points)) {
      for (a, b) in zip(expected, found) { #expect(abs(a - b) < 1e-12 * max(abs(a), 1)) }
    }
  }

  /// A linear function of the node values is the same number as one of the structure functions: cᵀ (L W) = (Lᵀ c)ᵀ W.
  @Test(arguments: NeutrinoSpecies.allCases)
  func aFunctionOfNodeValuesIsOneOfStructureFunctions(_ species: NeutrinoSpecies) {
    var functions = StructureFunctions(count: points.count)
    for i in 0..<points.count { for k in 0..<5 { functions.w[k][i] = 1 + 0.3 * Double(k) - 0.2 * Double(i) } }
    let coefficients = (0..<3 * points.count).map { 0.7 - 0.25 * Double($0 % 5) }
    let tensor = LeptonTensor(species)
    let values = tensor.nodeValues(of: functions, at: points).joined()
    let functional = tensor.functional(ofNodeValues: coefficients, at: points)
    let ofValues = zip(coefficients, values).map { $0 * $1 }
    let ofFunctions = zip(functional.w.joined(), functions.w.joined()).map { $0 * $1 }
    let scale = ofFunctions.reduce(0) { $0 + abs($1) }
    #expect(abs(ofValues.reduce(0, +) - ofFunctions.reduce(0, +)) < 1e-13 * scale)
  }
}
