import NuTuneAnalysis
import NuTuneCatalog
import NuTuneCore
import NuTuneFolding
import NuTuneResults

extension StudyRun {
  /// Folds the datasets and the truth, and looks at what the fold leaves out.
  func fold(_ assembly: StudyAssembly, _ state: inout State) throws -> Analysis {
    let (analysis, seconds) = try RunEvent.stage("fold", report) {
      let folded = try shared?.analysis { try study.foldedAnalysis(assembly, threads: threads) }
      return try study.analysis(assembly, threads: threads, from: folded)
    }
    state.seconds["fold"] = seconds
    let folded = analysis.folded
    report(
      .note(
        "\(folded.cells.count) E_ν cells, \(folded.nodes.count) nodes, "
          + "\(folded.tables.reduce(0) { $0 + $1.tripleCount }) fold coefficients"))
    let cut = try CutRates(
      analysis, study.foldSettings, assembly.energies, models: (assembly.truth.map { [$0] } ?? []) + assembly.models)
    for note in cut.notes { report(.note(note)) }
    state.warnings =
      study.unusedValues.map(\.description) + study.trainedRemarks(folding: folded.energies) + cut.warnings
    if let warning = folded.accuracyWarning { state.warnings.append(warning) }
    if let warning = folded.hadronicWarning { state.warnings.append(warning) }
    if let truth = assembly.truth, let responses = analysis.truth {
      try state.interpolation.add(truth, label: StudyConfiguration.truthLabel, responses, assembly.oscillation)
    }
    return analysis
  }

  func nearData(_ analysis: Analysis, _ seconds: inout [String: Double]) throws -> [SampleData] {
    let inputs = inputs(.nearData(madeBy: study.pseudoDataModel), analysis)
    try stage(Stage(name: "near-data", inputs: inputs, outputs: ["data/near.json"]), &seconds) {
      try folder.write(try analysis.nearData(of: analysis.truth), to: "data/near.json")
    }
    return try folder.read(SampleDataFile.self, from: "data/near.json").of(
      analysis.folded.near, path: folder.file("data/near.json"))
  }

  func farData(_ analysis: Analysis, _ seconds: inout [String: Double]) throws -> [SampleData] {
    try stage(Stage(name: "far-data", inputs: inputs(.farData, analysis), outputs: ["data/far.json"]), &seconds) {
      try folder.write(try analysis.farData(of: analysis.truth), to: "data/far.json")
    }
    return try folder.read(SampleDataFile.self, from: "data/far.json").of(
      analysis.folded.far, path: folder.file("data/far.json"))
  }
}
