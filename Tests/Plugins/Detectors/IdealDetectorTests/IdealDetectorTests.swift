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

  @Test func measuresBinsThatAreNoGrid() throws {
    let ragged = try Binning(
      ObservablePair(.leptonMomentum, .cosTheta),
      bins: [(first: 0...30, second: -1...0.2), (first: 0...0.4, second: 0.2...1), (first: 0.4...30, second: 0.2...1)])
    #expect(ragged.grid == nil)
    #expect(try IdealDetectorModel().trueBinning(for: ragged) == ragged)
    #expect(try IdealDetectorModel().response(for: ragged).apply([1, 2, 3]) == [1, 2, 3])
  }
}
