import NuTuneCore
import Testing
import ThreeFlavorOscillations

@Suite("Probabilities that are written in place")
struct InPlaceTests {
  @Test("are those of the arrays, and nothing beyond them is touched", arguments: [0.0, 2.848])
  func sameNumbers(density: Double) throws {
    let model = ThreeFlavorModel()
    let baseline = Baseline(length: 1284.9, density: density)
    // Not a multiple of the kernel's block.
    let energies = (0..<37).map { 0.3 + 0.13 * Double($0) }
    let expected = try model.probabilities(at: energies, over: baseline, helicity: .antineutrino).values
    var found = [Double](repeating: -7, count: expected.count + 8)
    try energies.withUnsafeBufferPointer { energies in
      try found.withUnsafeMutableBufferPointer {
        try model.writeProbabilities(
          at: energies, over: baseline, helicity: .antineutrino, to: #require($0.baseAddress))
      }
    }
    #expect(Array(found.prefix(expected.count)) == expected)
    #expect(found.suffix(8).allSatisfy { $0 == -7 })
  }

  @Test("refuse energies and baselines that do not exist")
  func refusals() throws {
    let model = ThreeFlavorModel()
    #expect(throws: NuTuneError.self) {
      try model.probabilities(at: [1, -1], over: Baseline(length: 1, density: 0), helicity: .neutrino)
    }
    #expect(throws: NuTuneError.self) {
      try model.probabilities(at: [], over: Baseline(length: -1, density: 0), helicity: .neutrino)
    }
  }
}
