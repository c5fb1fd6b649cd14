import NuTuneCore
import NuTuneResults

/// The figures of merit as text for a terminal.
package enum ResultTable {
  /// Returns a compact aligned table, one column per model, ending in a newline; sentences below name what did not
  /// converge.
  package static func text(_ results: StudyResults) -> String {
    let merit = FiguresOfMerit(results)
    let labels = merit.labels.map { FigureText.shortened(TextTable.printable($0), to: 24) }
    var table = TextTable(header: ["", ""] + (merit.hasTruth ? ["truth"] : []) + labels, leftColumns: 2)
    var group = ""
    for row in merit.rows {
      let remark = row.remark.isEmpty ? "" : " [\(row.remark)]"
      let cells = (merit.hasTruth ? [row.truth] : []) + row.models
      table.append([row.group == group ? "" : row.group, row.title + remark] + cells.map(\.text))
      group = row.group
    }
    return table.text + (troubles(results) + remarks(results)).map { "\(PrintableText.line($0))\n" }.joined()
  }

  /// Returns one sentence for every one-sided interval and every region that fills its scan.
  static func remarks(_ results: StudyResults) -> [String] {
    let fits =
      [("the true cross section", results.truth.oscillation)]
      + results.orderedLabels.map { (TextTable.printable($0), results.models[$0]?.oscillation) }
    return fits.flatMap { name, fit in (fit?.remarks ?? []).map { "note: oscillation fit with \(name): \($0)" } }
  }

  /// Returns one sentence for every training or fit that did not converge.
  static func troubles(_ results: StudyResults) -> [String] {
    var sentences = [String]()
    if let fit = results.truth.oscillation, !fit.converged {
      sentences.append("NOT CONVERGED: oscillation fit with the true cross section: \(fit.verdict)")
    }
    for (label, sentence) in (results.failures ?? [:]).sorted(by: { $0.key < $1.key }) {
      sentences.append("FAILED: \(TextTable.printable(label)): \(sentence)")
    }
    for label in results.orderedLabels {
      guard let model = results.models[label] else { continue }
      let name = TextTable.printable(label)
      if let training = model.training, !training.converged {
        sentences.append("NOT CONVERGED: training of \(name): \(training.verdict)")
      }
      if let fit = model.oscillation, !fit.converged {
        sentences.append("NOT CONVERGED: oscillation fit with \(name): \(fit.verdict)")
      }
      if let reasons = model.oscillationCheck?.reasons, !reasons.isEmpty {
        sentences.append("WITHHELD: oscillation fit with \(name): \(reasons.joined(separator: "; "))")
      }
      if let fit = model.oscillationAtPosteriorMean, !fit.converged {
        sentences.append("NOT CONVERGED: oscillation fit with \(name) held at its mean: \(fit.verdict)")
      }
    }
    return sentences
  }

  /// Returns warnings of the study, then of the models, each sentence once with the models that it concerns.
  package static func warnings(_ results: StudyResults) -> [String] {
    var (sentences, labels): ([String], [String: [String]]) = ([], [:])
    for label in results.orderedLabels {
      for sentence in results.models[label]?.warnings ?? [] {
        if labels[sentence] == nil { sentences.append(sentence) }
        labels[sentence, default: []].append(TextTable.printable(label))
      }
    }
    return (results.warnings ?? []).map(TextTable.printable)
      + sentences.map { "\((labels[$0] ?? []).joined(separator: ", ")): \($0)" }
  }
}
