import IdealDetector
import NuTuneCore
import Testing

@Suite("ideal detector")
struct IdealDetectorTests {
  @Test func measuresWhatIsThere() throws {
    var registry = Registry()
    try registry.register(IdealDetectorModel.self)
    let detector = try #require(
      try registry.make(.detector, named: "ideal", from: nil, path: "detector", directory: ".") as? IdealDetectorModel)
    let pairs: [(Observable, Observable)] = [
      (.leptonEnergy, .cosTheta), (.leptonMomentum, .theta), (.transverseMomentum, .longitudinalMomentum),
    ]
    for (first, second) in pairs {
      let binning = try Binning(Axis(first, edges: [0, 0.5, 1]), Axis(second, edges: [0, 0.3, 0.6, 1]))
      #expect(try detector.trueBinning(for: binning) == binning)
      let rates = [1.0, 2, 3, 4, 5, 6]
      #expect(try detector.response(for: binning).apply(rates) == rates)
    }
  }
}
