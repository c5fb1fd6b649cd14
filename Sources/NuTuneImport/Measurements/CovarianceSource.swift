import NuTuneCore
import NuTuneNumerics
import NuTuneStudy

/// Where a covariance is read from: a text file, `FILE.root:OBJECT`, or a HEPData table `FILE.yaml`.
public enum CovarianceSource: Sendable, Equatable {
  /// A matrix without header, a line a row, separated by commas or blanks.
  case text(file: String)
  /// A TH2 or TMatrix.
  case root(file: String, object: String)
  /// A table with the elements row by row.
  case hepData(file: String)

  /// Reads what the option says.
  public init(_ text: String) throws {
    if let end = text.range(of: ".root:") {
      self = .root(file: String(text[..<text.index(before: end.upperBound)]), object: String(text[end.upperBound...]))
    } else if text.hasSuffix(".root") {
      throw refusal(text, "the name of the matrix behind the file, \(text):OBJECT")
    } else if text.hasSuffix(".yaml") || text.hasSuffix(".yml") {
      self = .hepData(file: text)
    } else {
      self = .text(file: text)
    }
  }

  /// Its file.
  public var file: String {
    switch self {
    case .text(let file), .hepData(let file), .root(let file, _): file
    }
  }

  /// The elements as they stand in the file, shape [size × size].
  /// - Parameter python: makes the Python that reads ROOT files.
  func matrix(size: Int, python: () throws -> PythonWithUproot) throws -> Matrix {
    switch self {
    case .text(let file):
      let first = try DelimitedFile(file, content: "a matrix in a text file without header").lines[0]
      return try MatrixFile.read(file, size: size, separator: first.fields.count > 1 ? .comma : .blank)
    case .root(let file, let name):
      guard case .matrix(let matrix) = try RootFile(file, names: [name], python: try python()).objects[name] else {
        throw NuTuneError(
          .badData, at: SourceLocation(file: file), key: name, found: "an object with one axis",
          expected: "a TH2 or a TMatrix")
      }
      return matrix
    case .hepData(let file):
      let table = try HepDataTable(try ConfigurationFile.read(file))
      let elements = try table.dependent[0].values.map { entry in
        guard case .number(let value) = try entry.value else {
          throw NuTuneError(
            .badData, at: entry.node.location, key: "covariance", found: entry.node.summary, expected: "a number")
        }
        return value
      }
      guard elements.count == size * size else {
        throw NuTuneError(
          .badData, at: SourceLocation(file: file), key: "covariance", found: "\(elements.count) elements",
          expected: "\(size) × \(size), row by row")
      }
      return try Matrix(rows: size, columns: size, elements: elements)
    }
  }
}
