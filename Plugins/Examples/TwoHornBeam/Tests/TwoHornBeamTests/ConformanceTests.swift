import TwoHornBeam
import NuTuneTesting
import Testing

/// The checks of `nutune plugin check`, in the package's own tests.
@Suite struct ConformanceTests {
  @Test func keepsThePromisesOfItsProtocol() {
    let report = Conformance.report(on: TwoHornBeam.self)
    #expect(report.conforms, "\(report)")
  }
}
