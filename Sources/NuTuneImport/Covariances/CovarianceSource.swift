import NuTuneCore
import NuTuneNumerics

/// Where a covariance is read from: a text file, `FILE.root:OBJECT`, or a HEPData table `FILE.yaml` or `FILE.yaml:NAME`.
package enum CovarianceSource: Sendable, Equatable {
  /// Numbers in a layout of ``CovarianceText``.
  case text(file: String)
  /// A TH2 or TMatrix.
  case root(file: String, object: String)
  /// A dependent variable of a table.
  case hepData(file: String, variable: String?)

  /// Reads what the option says; of a HEPData table with several variables it has to say which.
  package init(_ text: String) throws {
    if let (file, object) = Self.cut(text, after: ".root") {
      self = .root(file: file, object: object)
    } else if text.hasSuffix(".root") {
      throw refusal(text, "the name of the matrix behind the file, \(text):OBJECT")
    } else if text.hasSuffix(".yaml") || text.hasSuffix(".yml") {
      self = .hepData(file: text, variable: nil)
      _ = try HepDataCovariance(text, variable: nil)
    } else if let (file, variable) = Self.cut(text, after: ".yaml") ?? Self.cut(text, after: ".yml") {
      self = .hepData(file: file, variable: variable)
      _ = try HepDataCovariance(file, variable: variable)
    } else {
      self = .text(file: text)
    }
  }

  /// File and name of `FILE.ending:NAME`.
  private static func cut(_ text: String, after ending: String) -> (file: String, name: String)? {
    guard let end = text.range(of: "\(ending):"), end.upperBound < text.endIndex else { return nil }
    return (String(text[..<text.index(before: end.upperBound)]), String(text[end.upperBound...]))
  }

  /// Its file.
  package var file: String {
    switch self {
    case .text(let file), .hepData(let file, _), .root(let file, _): file
    }
  }

  /// As it is said, without folders.
  var name: String {
    switch self {
    case .text(let file): file.fileName
    case .hepData(let file, let variable): file.fileName + (variable.map { ":\($0)" } ?? "")
    case .root(let file, let object): "\(file.fileName):\(object)"
    }
  }

  /// A matrix as it stands in a file, and what the file says of its unit.
  struct Content {
    /// Shape [rows × rows], of which the bins may be some.
    var matrix: Matrix
    /// Units that the file states.
    var stated: [UnitStatement] = []
    /// What was done to make a matrix of it that a user should know.
    var hints: [String] = []
  }

  /// The matrix of the file.
  /// - Parameters:
  ///   - bins: number of bins, which decides where a layout can be read in two ways.
  ///   - python: makes the Python that reads ROOT files.
  func content(bins: Int, python: () throws -> PythonWithUproot) throws -> Content {
    switch self {
    case .text(let file):
      let text = try CovarianceText(file, bins: bins)
      return Content(matrix: text.matrix, stated: UnitStatement.inHeader(text.header, of: file), hints: text.hints)
    case .root(let file, let name):
      let root = try RootFile(file, names: [name], python: try python())
      guard case .matrix(let matrix) = root.objects[name] else {
        throw NuTuneError(
          .badData, at: SourceLocation(file: file), key: name, found: "an object with one axis",
          expected: "a TH2 or a TMatrix")
      }
      return Content(matrix: matrix)
    case .hepData(let file, let variable):
      let table = try HepDataCovariance(file, variable: variable)
      return Content(matrix: try table.matrix(bins: bins), stated: table.stated)
    }
  }
}
