import Foundation
import NuTuneCore
import NuTuneResults

/// `ensemble.json`, read and checked, so that later code cannot fail on its content.
struct FinishedEnsemble: Sendable {
  /// The results.
  let results: EnsembleResults

  /// Fitted parameters, in order.
  var parameters: [FittedParameter] { results.parameters.map(FittedParameter.init) }
  /// The set in which all sources vary.
  var combined: EnsembleResults.MemberSet { results.sets[0] }
  /// The sets in which one source varies alone.
  var sources: [EnsembleResults.MemberSet] { Array(results.sets.dropFirst()) }

  /// The true values of the first two parameters.
  var truePoint: [Double]? {
    let point = results.parameters.prefix(2).compactMap { results.trueValues[$0] }
    return point.count == 2 ? point : nil
  }

  /// Returns the style of a set: the same colour in every figure.
  func style(of set: EnsembleResults.MemberSet) -> FigureStyle.Curve {
    FigureStyle.model(results.sets.firstIndex { $0.name == set.name } ?? 0)
  }

  /// Reads the file of a folder.
  init(folder: String) throws {
    let path = FilePath.join(folder, EnsembleReport.source)
    results = try ResultFile.read(
      EnsembleResults.self, schema: EnsembleResults.schemaName, from: path, madeBy: "nutune ensemble merge")
    do {
      try check()
    } catch let error as NuTuneError {
      throw error.located(at: SourceLocation(file: path))
    }
  }

  private func check() throws {
    guard results.parameters.count >= 2 else {
      throw NuTuneError(
        .badData, key: "parameters", found: "\(results.parameters.count)", expected: "at least two, of whom regions are"
      )
    }
    guard !results.sets.isEmpty else {
      throw NuTuneError(.badData, key: "sets", found: "none", expected: "at least one set of members")
    }
    for (index, set) in results.sets.enumerated() {
      for (name, combination) in [("model", set.model), ("truth", set.truth)] {
        guard let combination else { continue }
        try check(combination, key: "sets.\(index).\(name)")
      }
    }
  }

  private func check(_ combination: EnsembleResults.Combination, key: String) throws {
    for (name, pair) in [("near_tv", combination.nearTv), ("far_tv", combination.farTv)] where pair.count != 2 {
      throw NuTuneError(
        .badData, key: "\(key).\(name)", found: "\(pair.count) numbers", expected: "mean and standard deviation")
    }
    for (member, fit) in combination.fits.enumerated() where fit.count != results.parameters.count {
      throw NuTuneError(
        .badData, key: "\(key).fits.\(member)", found: "\(fit.count) values",
        expected: "\(results.parameters.count), one for each parameter")
    }
    for (level, intervals) in combination.intervals {
      for (name, interval) in intervals where interval.count != 2 {
        throw NuTuneError(
          .badData, key: "\(key).intervals.\(level).\(name)", found: "\(interval.count) numbers",
          expected: "lower and upper end")
      }
    }
    for (index, band) in combination.bands.enumerated() {
      let key = "\(key).bands.\(index)"
      try band.axis.check(key: key)
      for (name, values) in [("truth", band.truth), ("mean", band.mean), ("spread", band.spread)]
      where values.count != band.axis.count {
        throw NuTuneError(
          .badData, key: "\(key).\(name)", found: "\(values.count) values",
          expected: "\(band.axis.count), one for each bin of the axis")
      }
    }
  }
}

extension EnsembleResults.MemberSet {
  /// Title for readers.
  var title: String {
    if name == EnsembleResults.allSources { return vary.count == 1 ? vary[0].title : "All sources" }
    return SystematicSource(rawValue: name)?.title ?? name
  }
}

extension SystematicSource {
  /// Title for readers.
  var title: String {
    switch self {
    case .network: "Network seeds"
    case .architecture: "Architecture"
    case .flux: "Flux shape"
    case .statistics: "Near statistics"
    }
  }

  /// The title within a sentence.
  var noun: String {
    switch self {
    case .network: "network seeds"
    case .architecture: "architecture"
    case .flux: "flux shape"
    case .statistics: "near-detector statistics"
    }
  }
}
