extension TextTable {
  /// The same table on a page; numbers are typeset, a cell with `NO` or marked as bad is highlighted.
  var html: String {
    func row(_ cells: [String], _ element: String, bad: Set<Int> = []) -> String {
      let cells = cells.enumerated().map { column, cell in
        let text = cell.split(separator: " ", omittingEmptySubsequences: false).map { DecimalText.typeset(String($0)) }
          .joined(separator: " ")
        let isBad =
          element == "td"
          && (bad.contains(column) || cell.split(separator: " ").contains { $0.hasPrefix("NO") && $0.count < 4 })
        let indent = text.prefix { $0 == " " }.count
        return "<\(element)\(isBad ? " class=\"bad\"" : "")>"
          + String(repeating: "\u{2003}", count: indent / 2) + HTML.prose(String(text.dropFirst(indent)))
          + "</\(element)>"
      }
      return "<tr>\(cells.joined())</tr>\n"
    }
    return "<div class=\"scroll\"><table class=\"dense\">\n<thead>\(row(header, "th"))</thead>\n<tbody>\n"
      + zip(rows, bad).map { row($0, "td", bad: $1) }.joined() + "</tbody></table></div>"
  }
}
