import SuperScaling
import NuTuneTesting
import Testing

/// What `nutune plugin check` looks at, from the package's own tests.
@Suite struct ConformanceTests {
  @Test func keepsThePromisesOfItsProtocol() {
    let report = Conformance.report(on: SuperScaling.self)
    #expect(report.conforms, "\(report)")
  }
}
