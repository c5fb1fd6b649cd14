import Foundation
import NuTuneStatistics
import Testing

/// Levels of curves around a circle against those of |sin δ|.
@Suite struct PeriodicCurveTests {
  private func sine(_ count: Int, from start: Double = -Double.pi) -> PeriodicCurve {
    PeriodicCurve(
      (0...count).map { step in
        let position = start + 2 * Double.pi * Double(step) / Double(count)
        return (position: position, value: abs(sin(position)))
      }, period: 2 * .pi)
  }

  /// |sin δ| is at least sin x on a fraction 1 − 2x/π.
  @Test(arguments: [(0.5, 0.25), (0.75, 0.125), (0.2, 0.4), (0.9, 0.05)])
  func levelsOfASine(fraction: Double, ofPi: Double) {
    let curve = sine(720)
    #expect(abs(curve.level(onFraction: fraction) - sin(.pi * ofPi)) < 2e-5)
    #expect(abs(curve.fraction(above: sin(.pi * ofPi)) - fraction) < 2e-5)
  }

  @Test func allAndTheBest() {
    let curve = sine(16)
    #expect(abs(curve.level(onFraction: 1)) < 1e-12 && abs(curve.level(onFraction: 0) - 1) < 1e-12)
  }

  /// Points that do not stand evenly count by the angle between them: 0 up to 1 over three quarters, back over one.
  @Test func pointsAreWeightedByTheirDistance() {
    let curve = PeriodicCurve([(position: 0, value: 0), (position: 3, value: 1), (position: 4, value: 0)], period: 4)
    #expect(abs(curve.level(onFraction: 0.25) - 0.75) < 1e-12)
    let flat = PeriodicCurve([(position: 1, value: 2), (position: 5, value: 2)], period: 4)
    #expect(flat.level(onFraction: 0.5) == 2 && flat.fraction(above: 2) == 1 && flat.fraction(above: 2.1) == 0)
  }

  @Test func theOriginDoesNotMatter() {
    #expect(abs(sine(36).level(onFraction: 0.3) - sine(36, from: 7).level(onFraction: 0.3)) < 2e-3)
    #expect(abs(sine(36).level(onFraction: 0.3) - sine(36, from: 4 * .pi).level(onFraction: 0.3)) < 1e-9)
  }
}
