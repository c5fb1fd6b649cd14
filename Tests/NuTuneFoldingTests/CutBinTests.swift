import Foundation
import NuTuneCore
import NuTuneFolding
import NuTuneNumerics
import TestSupport
import Testing

/// Bins that the largest angle which is measured cuts in part.
@Suite(.serialized) struct CutBinTests {
  let model: any StructureFunctionModel
  let sweep: SweepCase
  /// p_T/p_∥ of the cut at 20°.
  let steepest = tan(20 * Double.pi / 180)

  init() throws {
    model = try SmallNearProblem.toy()
    sweep = try SweepCase(seed: 52)
  }

  private func binning(_ bins: [(first: ClosedRange<Double>, second: ClosedRange<Double>)]) throws -> Binning {
    try Binning(try ObservablePair(.transverseMomentum, .longitudinalMomentum), bins: bins)
  }

  /// A bin beyond the cut, one whole, and three of which it leaves a trapezium, a triangle, and all but a corner.
  private let bins: [(first: ClosedRange<Double>, second: ClosedRange<Double>)] = [
    (0.95...1.2, 1.0...2.0), (0.1...0.3, 1.5...2.5), (0.1...0.6, 0.6...1.4), (0.6...0.9, 1.3...2.2),
    (0.4...1.0, 2.2...3),
  ]

  /// Strips that are narrow in p_∥ and end where their middles meet the cut, without any cut: brute force.
  @Test func cutBinsHoldTheirPartWithin() throws {
    let count = 32
    var cut = try binning(bins)
    cut.largestAngle = 20
    let found = try sweep.rates(of: model, in: cut)
    let whole = try sweep.rates(of: model, in: try binning(bins))
    var strips: [(first: ClosedRange<Double>, second: ClosedRange<Double>)] = []
    var owners: [Int] = []
    for (bin, range) in bins.enumerated() {
      let (low, high) = (range.second.lowerBound, range.second.upperBound)
      for strip in 0..<count {
        let edges = (0...1).map { low + Double(strip + $0) * (high - low) / Double(count) }
        let end = min(range.first.upperBound, steepest * (edges[0] + edges[1]) / 2)
        guard end > range.first.lowerBound + 1e-9 else { continue }
        strips.append((range.first.lowerBound...end, edges[0]...edges[1]))
        owners.append(bin)
      }
    }
    let ofStrips = try sweep.rates(of: model, in: try binning(strips))
    let least = 1e-12 * whole.reduce(0, +)
    #expect(abs(found[0]) < least && abs(found[1] / whole[1] - 1) < 2e-4)
    for bin in 2..<bins.count {
      let sum = zip(owners, ofStrips).reduce(0) { $0 + ($1.0 == bin ? $1.1 : 0) }
      // A strip that is partly cut misses what is quadratic in its width.
      #expect(abs(found[bin] / sum - 1) < 3e-3, "bin \(bin): \(found[bin]), of strips \(sum)")
      #expect(found[bin] < 0.97 * whole[bin], "bin \(bin): \(found[bin]) of \(whole[bin])")
    }
  }

  /// Bins of angles end at the cut: the same as a bin that was made so.
  @Test(arguments: [Observable.theta, .cosTheta]) func anglesEndAtTheCut(_ observable: Observable) throws {
    func edges(_ largest: Double) -> [Double] {
      observable == .theta ? [5, largest] : [cos(largest * Double.pi / 180), cos(5 * Double.pi / 180)]
    }
    func binning(_ largest: Double) throws -> Binning {
      try Binning(Axis(.leptonMomentum, edges: [0.4, 1, 3]), Axis(observable, edges: edges(largest)))
    }
    var cut = try binning(45)
    cut.largestAngle = 20
    let (found, expected) = (try sweep.rates(of: model, in: cut), try sweep.rates(of: model, in: try binning(20)))
    for (a, b) in zip(found, expected) { #expect(abs(a / b - 1) < 1e-9) }
  }

  /// Bins with and without a cut are different ones, in files too.
  @Test func theCutIsWrittenAndRead() throws {
    for given in [try binning(bins), try binning([bins[1]])] {
      var cut = given
      cut.largestAngle = 20
      #expect(cut != given)
      let text = try JSONEncoder().encode(cut)
      #expect(try JSONDecoder().decode(Binning.self, from: text) == cut)
      #expect(try JSONDecoder().decode(Binning.self, from: JSONEncoder().encode(given)) == given)
    }
  }

  @Test func angleBeyondTheSideIsRefused() throws {
    var cut = try binning(bins)
    cut.largestAngle = 120
    #expect(throws: NuTuneError.self) { try sweep.rates(of: model, in: cut) }
  }
}
