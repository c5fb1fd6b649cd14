import Foundation
import NuTuneNumerics
import Testing

@Suite struct PoissonDevianceTests {
  /// Mean and variance by 40-digit sums over the Poisson law (mpmath).
  @Test(arguments: [
    (0.01, 0.0922417460391608, 0.524263670753888), (0.1, 0.474097847659937, 0.860401763747146),
    (0.5, 1.00701756902938, 0.729669116816919), (1, 1.14680561824524, 1.36460187928009),
    (1.4, 1.16010287170135, 1.82746218360073), (2, 1.13940384168694, 2.23297499667003),
    (5, 1.04667696638083, 2.26678305334761), (20, 1.00879665246069, 2.037279725674),
    (100, 1.00168365935984, 2.00680405172269), (400, 1.00041771331674, 2.00167506144243),
    (1600, 1.00010423184828, 2.00041718845308),
  ])
  func moments(mean: Double, expectation: Double, variance: Double) throws {
    let found = try PoissonDeviance(mean: mean)
    // The largest errors: the expansion's next terms at 1600, and lgamma's last digits in the sums.
    #expect(abs(found.expectation - expectation) < 1e-9)
    #expect(abs(found.variance - variance) < 1e-8)
  }

  /// The sum and the expansion meet.
  @Test func continuous() throws {
    let (below, above) = (try PoissonDeviance(mean: 999.999), try PoissonDeviance(mean: 1000.001))
    #expect(abs(below.expectation - above.expectation) < 2e-9)
    #expect(abs(below.variance - above.variance) < 2e-8)
  }

  /// 2 [n ln(n/μ) − (n − μ)] with its digits, also where n is close to μ.
  @Test func values() {
    #expect(PoissonDeviance.value(events: 0, mean: 3) == 6)
    #expect(abs(PoissonDeviance.value(events: 7, mean: 3) - 2 * (7 * log(7.0 / 3) - 4)) < 1e-14)
    // Next to no events: 2μ, and no NaN from ln 0.
    #expect(abs(PoissonDeviance.value(events: 1e-20, mean: 3) - 6) < 1e-15)
    #expect(PoissonDeviance.value(events: 1e-300, mean: 1e5) == 2e5)
    let (events, mean) = (1_000_003.0, 1_000_000.0)
    // (n−μ)²/μ · [1 − (n−μ)/3μ]
    #expect(abs(PoissonDeviance.value(events: events, mean: mean) / (9e-6 * (1 - 1e-6)) - 1) < 1e-11)
    // Both forms at their border, x = 10⁻³: 2[(1+x) ln(1+x) − x] = x² − x³/3 + x⁴/6 − x⁵/10 + …
    let below = PoissonDeviance.value(events: 1000.9999, mean: 1000)
    let above = PoissonDeviance.value(events: 1001.0001, mean: 1000)
    #expect(abs((above - below) / 2e-4 - 2e-3) < 1e-5)
  }

  @Test func nothingElseIsAccepted() {
    for mean in [-1, .nan, .infinity] { #expect(throws: NumericsError.self) { try PoissonDeviance(mean: mean) } }
  }
}
