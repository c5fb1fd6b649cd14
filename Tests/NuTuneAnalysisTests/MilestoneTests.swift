import Foundation
import NuTuneAnalysis
import Testing

/// Exposures of milestones against closed forms.
@Suite struct MilestoneTests {
  private func milestone(_ name: String) throws -> Milestone {
    try #require(Milestone.all.first { $0.name == name })
  }

  private let exposures = (-4...2).map { pow(2, Double($0)) }

  /// Statistics alone: √Δχ² = A |sin δ| √exposure, on a grid that has 45° and 22.5°.
  @Test(arguments: [
    ("cp-3sigma-maximal", 3.0, 1.0), ("cp-5sigma-maximal", 5, 1), ("cp-3sigma-half", 3, sin(Double.pi / 4)),
    ("cp-5sigma-half", 5, sin(Double.pi / 4)), ("cp-3sigma-three-quarters", 3, sin(Double.pi / 8)),
  ])
  func violationOfCP(name: String, level: Double, sine: Double) throws {
    let milestone = try milestone(name)
    let amplitude = 7.0
    let quantities = try exposures.map { exposure in
      let answers = (-7...8).map { step in
        let delta = Double(step) * .pi / 8
        return (delta: delta, value: pow(amplitude * sin(delta), 2) * exposure)
      }
      return (exposure: exposure, quantity: try #require(milestone.quantity(of: answers)))
    }
    guard case .at(let exposure)? = milestone.exposure(of: quantities) else {
      Issue.record("\(name) is not reached")
      return
    }
    #expect(abs(exposure / pow(level / (amplitude * sine), 2) - 1) < 1e-6)
  }

  @Test func errorsFall() throws {
    let milestone = try milestone("delta-cp-conserving")
    let quantities = exposures.map { (exposure: $0, quantity: 8 * Double.pi / 180 / $0.squareRoot()) }
    guard case .at(let exposure)? = milestone.exposure(of: quantities) else {
      Issue.record("not reached")
      return
    }
    #expect(abs(exposure / 0.64 - 1) < 1e-9)
    // An error is no significance: its root is not taken, and it stands at one δ.
    #expect(milestone.quantity(of: [(delta: 0.1, value: 9), (delta: 0, value: 0.25)]) == 0.25)
    #expect(milestone.quantity(of: [(delta: 0.1, value: 9)]) == nil)
    #expect(milestone.quantity(of: [(delta: 2 * .pi, value: 0.3)]) == 0.3)
  }

  @Test func whatLiesOutsideIsSaid() throws {
    let milestone = try milestone("ordering-5sigma-all")
    #expect(milestone.exposure(of: [(0.5, 6), (1, 8)]) == .below(0.5))
    #expect(milestone.exposure(of: [(0.5, 1), (2, 4.9)]) == .above(2))
    #expect(milestone.exposure(of: []) == nil)
    // From nothing the significance is taken as linear in log exposure.
    #expect(milestone.exposure(of: [(1, 0), (4, 10)]) == .at(2))
    let best = try self.milestone("ordering-5sigma-best")
    #expect(best.quantity(of: [(delta: 0, value: 4), (delta: 1, value: 36), (delta: 2, value: 25)]) == 6)
    #expect(milestone.quantity(of: [(delta: 0, value: 4), (delta: 1, value: 36), (delta: 2, value: 25)]) == 2)
  }

  @Test func namesAreFileNamesAndDiffer() {
    #expect(Set(Milestone.all.map(\.name)).count == Milestone.all.count)
    #expect(Milestone.all.map(\.title).contains("CP violation at 3σ, δ_CP = −90°"))
    #expect(Milestone.all.map(\.title).contains("error of δ_CP below 10°, δ_CP = 0"))
    #expect(Milestone.all.map(\.title).contains("CP violation at 5σ, 50 % of δ_CP"))
  }
}
