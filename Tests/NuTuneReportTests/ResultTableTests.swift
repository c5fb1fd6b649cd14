import NuTuneReport
import NuTuneResults
import Testing

@Suite struct ResultTableTests {
  @Test func columnsAreAligned() {
    let lines = ResultTable.text(SyntheticRun().results).split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines[0].split(separator: " ") == ["truth", "neural", "flow"])
    #expect(lines.last == "")
    #expect(Set(lines.dropLast().map(\.count)).count == 1)
    let rows = lines.map { $0.split(separator: " ").joined(separator: " ") }
    #expect(rows.contains("Near detector shape distance (tv) – 0.00090 0.01200"))
    #expect(rows.contains { $0.hasSuffix("2.4381 ± 0.0108 2.4345 ± 0.0108 2.3901 ± 0.0108") })
    #expect(rows.contains { $0.contains("shape distance (tv) [near–far 0.1913] –") })
    #expect(rows.contains { $0.contains("bias in sin²θ₂₃ [σ_stat 0.0") })
  }

  @Test func whatDidNotConvergeIsSaid() {
    let text = ResultTable.text(SyntheticRun(converged: false).results)
    #expect(text.hasSuffix("NOT CONVERGED: training of neural: loss still falling\n"))
  }

  @Test func controlCharactersDoNotReachTheTerminal() {
    let text = ResultTable.text(SyntheticRun(models: [("a\u{1B}[2Jb", 0.1)]).results)
    #expect(!text.contains("\u{1B}") && text.contains("a\\u{1B}[2Jb"))
  }
}
