import NuTuneCore
import Testing

@testable import NonStandardInteractions

@Suite struct ParameterTests {
  let model: NonStandardInteractions

  init() throws {
    model = try NonStandardInteractions(
      PluginConfiguration(parameters: NonStandardInteractions.descriptor.parameters.defaults()))
  }

  @Test func everyParameterIsSetAndReadBack() throws {
    for name in model.fittableParameters where name != "dm2_32" {
      let value = try model.value(of: name) + 1e-5
      #expect(try model.setting([name: value]).value(of: name) == value)
      let domain = try model.fitDomain(of: name)
      #expect(domain.starts.allSatisfy { domain.bounds.contains($0) })
    }
  }

  @Test func refusesNegativeModuliAndUnknownNames() throws {
    #expect {
      try model.setting(["epsilon_emu": -0.1])
    } throws: {
      ($0 as? NuTuneError)?.description == "epsilon_emu: found -0.1; expected a finite number ≥ 0"
    }
    #expect(throws: NuTuneError.self) { try model.setting(["epsilon_mumu": 0.1]) }
  }

  /// Jacobi's rotations return the matrix they were given, also where eigenvalues coincide.
  @Test(arguments: [[1.0, 2, 3], [1, 1, 1 + 1e-13], [0, 0, 5], [-1, -1, -1]])
  func eigensystemRebuildsItsMatrix(diagonal: [Double]) {
    for size in [0.0, 1e-14, 0.3, 10] {
      let matrix = HermitianMatrix(
        diagonal: diagonal,
        upper: [Complex(size, -size), Complex(0.2 * size, 0.5 * size), Complex(modulus: size, phase: 2)])
      let system = Eigensystem(of: matrix)
      let rebuilt = HermitianMatrix(values: system.values, vectors: system.vectors)
      for (a, b) in zip(rebuilt.elements, matrix.elements) {
        #expect((a - b).squaredModulus.squareRoot() < 1e-14 * (5 + 10 * size))
      }
    }
  }
}
