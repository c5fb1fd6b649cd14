import NoOscillation
import NuTuneCore
import Testing

@Suite("no-oscillation")
struct NoOscillationTests {
  @Test func identity() throws {
    var registry = Registry()
    try registry.register(NoOscillationModel.self)
    let model = try #require(
      try registry.make(.oscillation, named: "no-oscillation", from: nil, path: "oscillation", directory: ".")
        as? NoOscillationModel)
    let p = try model.probabilities(at: [0.5, 1], over: Baseline(length: 1300, density: 3), helicity: .antineutrino)
    for from in LeptonFlavor.allCases {
      for to in LeptonFlavor.allCases { #expect(Array(p[from, to]) == (from == to ? [1, 1] : [0, 0])) }
    }
    #expect(model.fittableParameters.isEmpty)
    #expect(throws: Never.self) { try model.setting([:]) }
    #expect(throws: NuTuneError.self) { try model.setting(["dm2_31": 1]) }
    #expect(throws: NuTuneError.self) { try model.value(of: "dm2_31") }
  }
}
