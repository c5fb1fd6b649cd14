import Foundation
import NuTuneResults
import Testing

@Suite struct StructureFunctionMapsTests {
  private func channel(_ name: String, factor: Double) -> StructureFunctionMaps.Channel {
    // Four pixels: the model is `factor` off in the first, right in the second, far off in the third; the fourth is out
    // of reach.
    let truth: [Double?] = [1, 2, 1, nil]
    let learned: [Double?] = [factor, 2, 50, nil]
    return .init(
      channel: name, symbol: name, x: [0.1, 1, 10], q2: [0.1, 1, 10], nearImportance: [0.5, 0.3, 0.1, 0.1],
      farImportance: [0.1, 0.7, 0.2, 0], truth: .init(w1: truth, w2: truth, w3: truth),
      models: ["net": .init(w1: learned, w2: truth, w3: learned)], scales: ["net": 1])
  }

  @Test func deviationsAreWeightedMeansWithAtMostOnePerPixel() throws {
    let maps = StructureFunctionMaps(channels: [channel("numu", factor: 1.2)])
    let found = try #require(maps.deviations(of: "net"))
    #expect(abs(found.w1.mean - (0.2 + 0 + 1) / 3) < 1e-12)
    #expect(abs(found.w1.nearWeighted - (0.5 * 0.2 + 0.1) / 0.9) < 1e-12)
    #expect(abs(try #require(found.w1.farWeighted) - (0.1 * 0.2 + 0.2)) < 1e-12)
    #expect(found.w2.mean == 0 && found.w2.nearWeighted == 0)
    #expect(maps.deviations(of: "flow") == nil)
  }

  @Test func channelsAreAveraged() throws {
    let maps = StructureFunctionMaps(channels: [channel("numu", factor: 1.2), channel("numubar", factor: 1.4)])
    #expect(abs(try #require(maps.deviations(of: "net")).w3.mean - (0.3 + 1) / 3) < 1e-12)
  }

  @Test func theFileReadsBack() throws {
    let maps = StructureFunctionMaps(channels: [channel("numu", factor: 1.2)])
    let bytes = try JSONEncoder().encode(maps)
    let read = try JSONDecoder().decode(StructureFunctionMaps.self, from: bytes)
    #expect(read.schema == "nutune.structure-functions/1" && read.channels[0].truth.w1 == [1, 2, 1, nil])
  }
}
