import TestSupport
import Testing

/// What all members of `dune-ensemble` get wrong together is in no spread of theirs: its training has to be long enough.
@Suite struct EnsembleShiftTests {
  /// Six members with a network and near data of 30 million events of their own, at the true flux: about ten seconds on two
  /// cores. The shift that members share is to be at most 0.15 σ_stat; a member scatters by about 0.11 in sin²θ₂₃ and 0.2 in
  /// Δm²₃₂, which leaves 0.05 and 0.08 in the mean of six, and the limits are two of these above. 2500 steps at a learning
  /// rate of 0.01 shift sin²θ₂₃ by 0.35 with a scatter of 0.28.
  @Test(.enabled(if: LongTests.areAsked)) func membersShareLittle() throws {
    let fixture = try EnsembleFixture()
    defer { fixture.remove() }
    let run = try fixture.ensemble(
      "run dune-ensemble --out \"$out\" --set systematics.ensemble.members=6 --set systematics.ensemble.breakdown=0"
        + " --set 'systematics.ensemble.vary=[network, statistics]' --set systematics.statistics.method=redraw"
        + " --set systematics.ensemble.scan_points=21")
    #expect(run.exitCode == 0, "\(run.errors)")
    let sets = try #require(try fixture.results("a")["sets"] as? [[String: Any]])
    let model = try #require(sets.first?["model"] as? [String: Any])
    func value(_ key: String, _ name: String) throws -> Double {
      let all = try #require(model[key] as? [String: [String: Double]])
      return try #require(all[name]?["value"])
    }
    for (name, limit, largestScatter) in [("sin2_theta23", 0.25, 0.22), ("dm2_32", 0.31, 0.4)] {
      let (shift, scatter) = (try value("shift", name), try value("spread", name))
      #expect(abs(shift) < limit, "\(name): \(shift)")
      #expect(scatter < largestScatter, "\(name): \(scatter)")
    }
  }
}
