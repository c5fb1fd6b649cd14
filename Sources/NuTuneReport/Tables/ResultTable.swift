import NuTuneStudy

/// The figures of merit as text for a terminal.
public enum ResultTable {
  /// A compact aligned table, one column per model, ending in a newline; what did not converge is said below it.
  public static func text(_ results: StudyResults) -> String {
    let merit = FiguresOfMerit(results)
    var lines = [["", "", "truth"] + merit.labels.map { FigureText.shortened($0.map(printable).joined(), to: 24) }]
    var group = ""
    for row in merit.rows {
      let remark = row.remark.isEmpty ? "" : " [\(row.remark)]"
      lines.append([row.group == group ? "" : row.group, row.name + remark, row.truth.text] + row.models.map(\.text))
      group = row.group
    }
    let columns = lines[0].indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
    var text = ""
    for (number, line) in lines.enumerated() {
      let cells = line.enumerated().map { column, cell -> String in
        let padding = String(repeating: " ", count: columns[column] - cell.count)
        return column < 2 ? cell + padding : padding + cell
      }
      text += cells.joined(separator: "  ") + "\n"
      if number == 0 { text += String(repeating: "─", count: columns.reduce(2 * (columns.count - 1), +)) + "\n" }
    }
    return text + troubles(results).map { "\($0)\n" }.joined()
  }

  /// One sentence for every training or fit that did not converge.
  static func troubles(_ results: StudyResults) -> [String] {
    var sentences = [String]()
    if let fit = results.truth.oscillation, !fit.converged {
      sentences.append("NOT CONVERGED: oscillation fit with the true cross section: \(fit.verdict)")
    }
    for (label, sentence) in (results.failures ?? [:]).sorted(by: { $0.key < $1.key }) {
      sentences.append("FAILED: \(label.map(printable).joined()): \(sentence)")
    }
    for label in results.orderedLabels {
      guard let model = results.models[label] else { continue }
      let name = label.map(printable).joined()
      if let training = model.training, !training.converged {
        sentences.append("NOT CONVERGED: training of \(name): \(training.verdict)")
      }
      if let fit = model.oscillation, !fit.converged {
        sentences.append("NOT CONVERGED: oscillation fit with \(name): \(fit.verdict)")
      }
      if let fit = model.oscillationFrozen, !fit.converged {
        sentences.append("NOT CONVERGED: oscillation fit with \(name) held at its mean: \(fit.verdict)")
      }
    }
    return sentences
  }

  /// Warnings of the models, each sentence once with the models it is about.
  public static func warnings(_ results: StudyResults) -> [String] {
    var (sentences, labels): ([String], [String: [String]]) = ([], [:])
    for label in results.orderedLabels {
      for sentence in results.models[label]?.warnings ?? [] {
        if labels[sentence] == nil { sentences.append(sentence) }
        labels[sentence, default: []].append(label.map(printable).joined())
      }
    }
    return sentences.map { "\((labels[$0] ?? []).joined(separator: ", ")): \($0)" }
  }

  /// Control characters could move the cursor of a terminal.
  private static func printable(_ character: Character) -> String {
    character.unicodeScalars.contains { $0.properties.generalCategory == .control } ? " " : String(character)
  }
}
