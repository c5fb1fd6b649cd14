import NuTuneCatalog
import NuTuneCore
import NuTuneNumerics

/// A covariance as a HEPData table: a value for each pair of bins, which independent variables identify.
struct HepDataCovariance {
  private let file: String
  private let table: HepDataTable
  private let variable: HepDataTable.Variable

  /// Reads a table.
  /// - Parameters:
  ///   - file: its path.
  ///   - name: name of the dependent variable; nil if there is only one.
  init(_ file: String, variable name: String?) throws {
    self.file = file
    table = try HepDataTable(try ConfigurationFile.read(file))
    let names = table.dependent.map(\.title)
    let place = SourceLocation(file: file)
    if let name {
      let found = table.dependent.filter { $0.title == name }
      guard found.count == 1 else {
        throw NuTuneError(
          .badData, at: place, key: "dependent_variables",
          found: found.isEmpty ? "no variable “\(name)”" : "\(found.count) variables “\(name)”",
          expected: "one of \(names.joined(separator: ", "))", suggestion: Suggestion.nearest(to: name, among: names))
      }
      variable = found[0]
    } else {
      guard table.dependent.count == 1 else {
        throw NuTuneError(
          .usage, found: "\(names.count) matrices in \(file)",
          expected: "one of them behind the file: \(names.map { "\(file):\($0)" }.joined(separator: ", "))")
      }
      variable = table.dependent[0]
    }
  }

  /// The table's statement about its unit, which is either the unit of the values or its square.
  var stated: [UnitStatement] {
    UnitStatement(variable.unit, of: "“\(variable.title)”", in: file).map { [$0] } ?? []
  }

  /// Returns the matrix: elements at the positions that the independent variables state, or row by row if one variable
  /// only counts them.
  func matrix(bins: Int) throws -> Matrix {
    let elements = try variable.values.map { entry in
      guard case .number(let value) = try entry.value else {
        throw refuse(entry.node.location, entry.node.summary, "a number")
      }
      return value
    }
    let half = table.independent.count / 2
    guard table.independent.count % 2 == 0 else { return try rowByRow(elements, bins: bins) }
    let (first, second) = (try keys(Array(table.independent[..<half])), try keys(Array(table.independent[half...])))
    guard first.count == elements.count, second.count == elements.count else {
      throw refuse(
        SourceLocation(file: file), "\(first.count) and \(second.count) indices for \(elements.count) elements",
        "two for each element")
    }
    let order = Self.order(first + second)
    let rows = first.indices.map { order[first[$0]] ?? 0 }
    let columns = second.indices.map { order[second[$0]] ?? 0 }
    return try ElementList(
      elements.indices.map { place in
        ElementList.Element(
          row: rows[place], column: columns[place], value: elements[place],
          location: variable.values[place].node.location)
      }, size: order.count, file: file
    ).matrix()
  }

  private func rowByRow(_ elements: [Double], bins: Int) throws -> Matrix {
    guard elements.count == bins * bins else {
      throw refuse(
        SourceLocation(file: file), "\(elements.count) elements without two indices each",
        "\(bins) × \(bins), row by row"
      )
    }
    return try Matrix(rows: bins, columns: bins, elements: elements)
  }

  /// Returns the identification of a bin for every element: an index, edges, or several of them.
  private func keys(_ variables: [HepDataTable.Variable]) throws -> [[Double]] {
    let columns = try variables.flatMap { variable in
      let edges = try variable.values.map { try $0.bin }
      if edges.allSatisfy({ $0 != nil }) { return [edges.map { $0?.low ?? 0 }, edges.map { $0?.high ?? 0 }] }
      return [
        try variable.values.map { entry in
          guard case .number(let value) = try entry.value else {
            throw refuse(entry.node.location, entry.node.summary, "the index of a bin, or its edges")
          }
          return value
        }
      ]
    }
    let count = columns.map(\.count).min() ?? 0
    guard columns.allSatisfy({ $0.count == count }) else {
      throw refuse(SourceLocation(file: file), "indices of several lengths", "two for each element")
    }
    return (0..<count).map { row in columns.map { $0[row] } }
  }

  /// Returns the position of every bin: by rising index, or for bins with edges in order of appearance.
  private static func order(_ keys: [[Double]]) -> [[Double]: Int] {
    var order: [[Double]: Int] = [:]
    for key in keys where order[key] == nil { order[key] = order.count }
    guard keys.first?.count == 1 else { return order }
    return Dictionary(uniqueKeysWithValues: order.keys.sorted { $0[0] < $1[0] }.enumerated().map { ($1, $0) })
  }

  private func refuse(_ place: SourceLocation, _ found: String, _ expected: String) -> NuTuneError {
    NuTuneError(.badData, at: place, key: "covariance", found: found, expected: expected)
  }
}
