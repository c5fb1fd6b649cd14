import Foundation
import NuTuneReport
import NuTuneResults
import Testing

@Suite struct EnsembleTableTests {
  private func squeezed(_ text: String) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).map {
      $0.split(separator: " ").joined(separator: " ")
    }
  }

  @Test func setsAreRowsAndColumnsAreAligned() throws {
    var ensemble = SyntheticEnsemble()
    ensemble.failures = ["all": ["all-0007": "a loss that is not finite"]]
    var results = try ensemble.results
    results.sets[0].model?.shift["sin2_theta23"] = .init(value: 0.125, error: 0.1)
    results.sets[0].model?.spread["sin2_theta23"] = .init(value: 1.046, error: 0.0741)
    results.sets[0].model?.shift["dm2_32"] = .init(value: -0.314, error: 0.0901)
    results.sets[0].model?.spread["dm2_32"] = .init(value: 0.9, error: 0.06)
    results.sets[0].model?.holdsTruth["68.27"] = false
    results.sets[0].model?.intervals["68.27"]?["sin2_theta23"] = [0.440, 0.500]
    let lines = EnsembleTable.text(results).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let rows = squeezed(EnsembleTable.text(results))
    #expect(rows[0].hasPrefix("varied members sin²θ₂₃ shift sin²θ₂₃ spread Δm²₃₂ shift Δm²₃₂ spread far tv"))
    #expect(
      rows[2] == "All sources 99 of 100 +0.12 ± 0.10 1.05 ± 0.07 -0.31 ± 0.09 0.90 ± 0.06 0.0072 ± 0.0025 NO, yes "
        + "0.987, 1.000")
    #expect(
      lines[2...7].map { $0.prefix(22).trimmingCharacters(in: .whitespaces) } == [
        "All sources", "true cross section", "Network seeds", "Flux shape", "true cross section", "Near statistics",
      ])
    #expect(Set(lines[0...7].map(\.count)).count == 1)
    // (0.50 − 0.44)/2 is 2.03 times 0.0148.
    #expect(rows.contains("sin²θ₂₃ 1σ 0.4400 to 0.5000 0.4700 ± 0.0300 2.03 0.4552 to 0.4848 0.4700 ± 0.0148 1.00"))
    #expect(rows.suffix(2) == ["FAILED: all-0007: a loss that is not finite", ""])
  }

  @Test func setsWithoutMembersAndUnknownErrorsLeaveTheirCellsEmpty() throws {
    var results = try SyntheticEnsemble(withoutModel: ["all"]).results
    results.sigmaStat = [:]
    results.reference.converged = false
    results.reference.verdict = "no minimum\u{1B}[2J"
    let rows = squeezed(EnsembleTable.text(results))
    #expect(rows[2] == "All sources 0 of 100 – – – – – – –")
    #expect(rows.contains("NOT CONVERGED: oscillation fit with the true cross section: no minimum\\u{1B}[2J"))
  }

  @Test func theStatusSaysWhatIsMissingAndWhatToDo() throws {
    var status = EnsembleStatus(
      sets: [.init(name: "all", planned: 100), .init(name: "network", planned: 4)],
      firstMissing: (1...5).map { "all-000\($0)" })
    let fresh = squeezed(EnsembleTable.status(status, path: "runs/many"))
    #expect(fresh[0] == "set planned finished at work queued missing failed")
    #expect(fresh[2] == "all 100 0 0 0 100 0" && fresh[3] == "network 4 0 0 0 4 0")
    #expect(fresh[4] == "missing: all-0001, all-0002, all-0003, all-0004, all-0005, …")
    #expect(fresh[5] == "next: `nutune ensemble run runs/many` computes the 104 missing members")
    #expect(fresh.last == "" && fresh.count == 7)

    status.sets[0].finished = 90
    status.sets[0].failed = 1
    status.sets[0].computing = 2
    status.sets[0].queued = 8
    status.sets[1].finished = 4
    status.firstMissing = []
    status.queueProblem = "squeue: not found"
    let waiting = squeezed(EnsembleTable.status(status, path: "my runs/it's"))
    #expect(waiting[2] == "all 100 90 2 8 0 1")
    #expect(waiting[4].hasSuffix("squeue: not found"))
    #expect(waiting[5].contains("the 10 at work or in the queue"))
    #expect(waiting[5].hasSuffix("`nutune ensemble merge 'my runs/it'\\''s'`"))

    status.sets[0].finished = 100
    status.sets[0].computing = 0
    status.sets[0].queued = 0
    #expect(
      EnsembleTable.status(status, path: "d").hasSuffix("next: `nutune ensemble merge d` puts the members together\n"))
    status.isMerged = true
    #expect(EnsembleTable.status(status, path: "d").contains("next: nothing; `nutune ensemble merge d`"))
  }
}
