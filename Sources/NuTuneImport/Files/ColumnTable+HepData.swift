import NuTuneCatalog
import NuTuneCore

extension ColumnTable {
  /// Reads a HEPData table (`independent_variables`, `dependent_variables`).
  ///
  /// An independent variable gives the columns `name low` and `name high` if it has bins, otherwise `name`; a dependent
  /// one gives its values and, after them, one column per label of its errors. Errors in per cent become absolute;
  /// unequal ones up and down become their mean.
  package init(hepData file: String) throws {
    let node = try ConfigurationFile.read(file)
    let table = try HepDataTable(node)
    var names: [String] = []
    var columns: [[Cell]] = []
    var units: [String?] = []
    for variable in table.independent {
      let bins = try variable.values.map { try $0.bin }
      if bins.allSatisfy({ $0 != nil }) {
        names += ["\(variable.name) low", "\(variable.name) high"]
        columns += [bins.map { .number($0?.low ?? 0) }, bins.map { .number($0?.high ?? 0) }]
        units += [variable.unit, variable.unit]
      } else {
        names.append(variable.name)
        columns.append(try variable.values.map { try $0.value })
        units.append(variable.unit)
      }
    }
    for variable in table.dependent {
      names.append(variable.name)
      columns.append(try variable.values.map { try $0.value })
      units.append(variable.unit)
      for label in variable.errorLabels {
        names.append("\(variable.name) ± \(label)")
        columns.append(try variable.values.map { try $0.error(label) })
        units.append(variable.unit)
      }
    }
    let count = columns[0].count
    guard count > 0, columns.allSatisfy({ $0.count == count }) else {
      throw NuTuneError(
        .badData, at: node.location,
        found: "variables with \(columns.map { "\($0.count)" }.joined(separator: ", ")) values",
        expected: "as many of each, at least one")
    }
    self.init(
      file: file, names: names,
      rows: (0..<count).map { row in
        Row(
          cells: columns.map { $0[row] },
          location: (table.dependent.first ?? table.independent[0]).values[row].node.location)
      })
    self.units = units
  }
}

extension HepDataTable.Entry {
  /// The bin; nil without edges.
  var bin: (low: Double, high: Double)? {
    get throws {
      guard let low = node["low"], let high = node["high"] else { return nil }
      return (try Self.number(low), try Self.number(high))
    }
  }

  /// The value; empty for `-`.
  var value: ColumnTable.Cell {
    get throws {
      guard let value = node["value"], let text = value.text else {
        throw NuTuneError(
          .badData, at: node.location, key: "values", found: node.summary, expected: "a value, or low and high")
      }
      return text == "-" ? .empty : ColumnTable.Cell(text)
    }
  }

  /// Errors with their labels; an error without label is called `error`.
  var errors: [(label: String, node: ConfigurationNode)] {
    (node["errors"]?.elements ?? []).map { ($0["label"]?.text ?? "error", $0) }
  }

  /// Returns the absolute error of a label; empty if the value has none.
  func error(_ label: String) throws -> ColumnTable.Cell {
    guard let error = errors.first(where: { $0.label == label })?.node else { return .empty }
    if let symmetric = error["symerror"] { return .number(abs(try absolute(symmetric))) }
    guard let plus = error["asymerror"]?["plus"], let minus = error["asymerror"]?["minus"] else {
      throw NuTuneError(
        .badData, at: error.location, key: label, found: error.summary, expected: "symerror, or asymerror {plus, minus}"
      )
    }
    return .number((abs(try absolute(plus)) + abs(try absolute(minus))) / 2)
  }

  private func absolute(_ node: ConfigurationNode) throws -> Double {
    guard let text = node.text, text.hasSuffix("%") else { return try Self.number(node) }
    guard let percent = Double(text.dropLast()), case .number(let value) = try value else {
      throw NuTuneError(.badData, at: node.location, found: node.summary, expected: "an error in % of a number")
    }
    return percent / 100 * value
  }

  private static func number(_ node: ConfigurationNode) throws -> Double {
    guard let text = node.text, let value = Double(text), value.isFinite else {
      throw NuTuneError(.badData, at: node.location, found: node.summary, expected: "a finite number")
    }
    return value
  }
}
