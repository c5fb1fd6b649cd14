import Foundation
import NuTuneCore
import NuTuneNumerics

/// Objects of a ROOT file, read with uproot.
package struct RootFile: Sendable {
  /// An object that can be imported.
  package enum Object: Sendable, Equatable {
    /// A TH1: edges, shape [bins + 1], and contents, shape [bins].
    case histogram(edges: [Double], contents: [Double])
    /// A TGraph: points, shape [points] each.
    case graph(x: [Double], y: [Double])
    /// A TH2 or TMatrix.
    case matrix(Matrix)
  }

  /// Objects by name.
  package let objects: [String: Object]
  /// Titles of object and axes by name, which often hold the unit.
  package let titles: [String: [String]]
  /// Titles of the axes alone, x before y; empty texts where they have none.
  package let axes: [String: [String]]
  /// Under- and overflow of the histograms that have some.
  package let flow: [String: HistogramFlow]

  /// Reads objects of a file; throws an error that lists the objects of the file for names that it does not have.
  package init(_ file: String, names: [String], python: PythonWithUproot) throws {
    guard FileManager.default.fileExists(atPath: file) else {
      throw NuTuneError(
        .missingInput, at: SourceLocation(file: file), found: "no such file", expected: "a ROOT file",
        suggestion: Suggestion.nearestFile(to: file))
    }
    try self.init(answer: try python.readRoot([file] + names), file: file)
  }

  /// Lists the objects of a file, `name (class, title)` each.
  package static func contents(of file: String, python: PythonWithUproot) throws -> [String] {
    guard FileManager.default.fileExists(atPath: file) else {
      throw NuTuneError(
        .missingInput, at: SourceLocation(file: file), found: "no such file", expected: "a ROOT file",
        suggestion: Suggestion.nearestFile(to: file))
    }
    return try contents(answer: try python.readRoot([file]), file: file)
  }

  /// Parses the list that the script prints.
  package static func contents(answer: Data, file: String) throws -> [String] {
    struct Listed: Decodable {
      var name: String
      var `class`: String
      var title: String
    }
    let listed: [Listed] = try decoded(answer, file: file)
    return listed.map { "\($0.name) (\($0.class)\($0.title.isEmpty ? "" : ", “\($0.title)”"))" }
  }

  /// Parses the objects that the script prints.
  package init(answer: Data, file: String) throws {
    let printed: [String: Printed] = try Self.decoded(answer, file: file)
    objects = try printed.mapValues { try $0.object(file: file) }
    titles = printed.mapValues(\.titles)
    axes = printed.compactMapValues(\.axes)
    flow = printed.compactMapValues { object in
      HistogramFlow(object.flow ?? [], inside: (object.contents ?? []).reduce(0, +))
    }
  }

  private static func decoded<Objects: Decodable>(_ answer: Data, file: String) throws -> Objects {
    let place = SourceLocation(file: file)
    guard let answer = try? JSONDecoder().decode(Answer<Objects>.self, from: answer) else {
      throw NuTuneError(
        .runtime, at: place, found: "“\(String(decoding: answer.prefix(80), as: UTF8.self))” from the reading script",
        expected: "its answer in JSON")
    }
    if let error = answer.error {
      throw NuTuneError(.badData, at: place, found: error, expected: "objects that uproot can read")
    }
    if let missing = answer.missing, let first = missing.first {
      let known = answer.known ?? []
      throw NuTuneError(
        .badData, at: place, key: "histogram", found: "no object \(missing.map { "“\($0)”" }.joined(separator: ", "))",
        expected: "one of \(known.joined(separator: ", "))",
        suggestion: Suggestion.nearest(to: first, among: known.map { String($0.prefix { $0 != " " }) }))
    }
    guard let objects = answer.objects else {
      throw NuTuneError(.runtime, at: place, found: "an empty answer", expected: "objects")
    }
    return objects
  }

  /// The output of the script.
  private struct Answer<Objects: Decodable>: Decodable {
    var objects: Objects?
    var missing: [String]?
    var known: [String]?
    var error: String?
  }

  /// One object in the output of the script.
  private struct Printed: Decodable {
    var kind: String
    var titles: [String]
    var axes: [String]?
    var flow: [Double]?
    var edges: [Double]?
    var contents: [Double]?
    var x: [Double]?
    var y: [Double]?
    var rows: Int?
    var columns: Int?
    var elements: [Double]?

    func object(file: String) throws -> Object {
      if let edges, let contents, edges.count == contents.count + 1 {
        return .histogram(edges: edges, contents: contents)
      }
      if let x, let y, x.count == y.count, x.count > 1 { return .graph(x: x, y: y) }
      if let rows, let columns, let elements, elements.count == rows * columns {
        return .matrix(try Matrix(rows: rows, columns: columns, elements: elements))
      }
      throw NuTuneError(
        .badData, at: SourceLocation(file: file), found: "an incomplete \(kind)",
        expected: "edges and contents, points, or a matrix")
    }
  }
}

extension ColumnTable {
  /// Returns a histogram as columns `low`, `high`, `name`, a graph as `center`, `name`; a matrix is an error.
  /// - Parameters:
  ///   - object: the object of the file.
  ///   - name: name of the object.
  ///   - axes: titles of its axes, which may have units.
  ///   - file: name of the file.
  package init(_ object: RootFile.Object, name: String, axes: [String] = [], file: String) throws {
    let units = [0, 1].map { axes.indices.contains($0) ? StatedUnit.text(inName: axes[$0]) : nil }
    let location = SourceLocation(file: file)
    switch object {
    case .histogram(let edges, let contents):
      self.init(
        file: file, names: ["low", "high", name],
        rows: contents.indices.map {
          Row(cells: [.number(edges[$0]), .number(edges[$0 + 1]), .number(contents[$0])], location: location)
        }, units: [units[0], units[0], units[1]])
    case .graph(let x, let y):
      self.init(
        file: file, names: ["center", name],
        rows: x.indices.map { Row(cells: [.number(x[$0]), .number(y[$0])], location: location) }, units: units)
    case .matrix:
      throw NuTuneError(
        .badData, at: location, key: name, found: "an object with two axes", expected: "a TH1 or a TGraph")
    }
  }
}
