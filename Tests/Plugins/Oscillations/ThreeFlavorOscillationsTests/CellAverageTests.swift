import NuTuneCore
import NuTuneNumerics
import Testing
import ThreeFlavorOscillations

@Suite("Averages over energy cells")
struct CellAverageTests {
  private let baseline = Baseline(length: 1284.9, density: 2.848)

  @Test("a resolved cell against adaptive quadrature", arguments: [(0.3, 0.35), (0.5, 0.7), (2.0, 3.0), (5.0, 20.0)])
  func resolved(low: Double, high: Double) throws {
    let model = ThreeFlavorModel()
    let average = try model.averages(overCells: [low, high], baseline: baseline, helicity: .neutrino)
    let rule = try GaussLegendre(points: 400)
    let (nodes, weights) = rule.rule(on: low...high)
    let points = try model.probabilities(at: nodes, over: baseline, helicity: .neutrino)
    for row in 0..<9 {
      let sum = zip(weights, points.values[row * 400..<(row + 1) * 400]).reduce(0) { $0 + $1.0 * $1.1 } / (high - low)
      #expect(abs(average.values[row] - sum) < 1e-11)
    }
  }

  @Test("a cell from zero averages its wiggles away")
  func fromZero() throws {
    let model = ThreeFlavorModel()
    let vacuum = Baseline(length: 1284.9, density: 0)
    let average = try model.averages(overCells: [0, 0.001], baseline: vacuum, helicity: .neutrino)
    // Σ |U_ei|⁴ for fast phases.
    let (s12, s13) = (0.308, 0.02215)
    let u = [(1 - s12) * (1 - s13), s12 * (1 - s13), s13]
    #expect(abs(average[.electron, .electron].first(0) - u.reduce(0) { $0 + $1 * $1 }) < 0.01)
    #expect(abs(average.values[0..<3].reduce(0, +) - 1) < 1e-12)
  }

  @Test("edges that do not increase are refused")
  func edges() {
    for edges in [[1.0], [1, 1], [2, 1], [-1, 1], [.nan, 1]] {
      #expect(throws: NuTuneError.self) {
        try ThreeFlavorModel().averages(overCells: edges, baseline: baseline, helicity: .neutrino)
      }
    }
  }
}
