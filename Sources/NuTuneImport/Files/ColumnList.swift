import NuTuneCore

/// Reads the options that describe the columns of tables by position: `low,high,numu,-`, once for all tables or once
/// for each.
enum ColumnList {
  /// Returns the question about the columns of a table.
  static func question(_ table: ColumnTable, names: String) -> Question {
    Question(
      "--columns",
      "What are the \(table.names.count) columns of \(table.file)?",
      choices: "for each of \(table.names.joined(separator: ", ")) in turn, separated by commas, one of \(names)")
  }

  /// Returns one list per table; nil if something is missing, which the interview reports.
  static func read<Column>(
    _ given: [String], of tables: [ColumnTable], names: String, _ interview: inout Interview,
    column: (String) throws -> Column
  ) -> [[Column]]? {
    var lists: [[Column]?] = []
    for (index, table) in tables.enumerated() {
      let text = given.count == 1 ? given[0] : index < given.count ? given[index] : nil
      lists.append(
        interview.answer(question(table, names: names), given: text) { text in
          let parts = text.filter { !$0.isWhitespace }.split(separator: ",", omittingEmptySubsequences: false)
          guard parts.count == table.names.count else {
            let names = table.names.joined(separator: ", ")
            throw refusal(text, "\(table.names.count) names, one for each of \(names) in \(table.file)")
          }
          return try parts.map { try column(String($0)) }
        })
    }
    let all = lists.compactMap { $0 }
    return all.count == tables.count ? all : nil
  }
}
