import NuTuneCore
import NuTuneNumerics

/// Source of a covariance: a text file, `FILE.root:OBJECT`, or a HEPData table `FILE.yaml` or `FILE.yaml:NAME`.
package enum CovarianceSource: Sendable, Equatable {
  /// Numbers in a layout of ``CovarianceText``.
  case text(file: String)
  /// A TH2 or TMatrix.
  case root(file: String, object: String)
  /// A dependent variable of a table.
  case hepData(file: String, variable: String?)

  /// Parses the option; for a HEPData table with several variables it must name one.
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

  /// Cuts `FILE.ending:NAME` into file and name.
  private static func cut(_ text: String, after ending: String) -> (file: String, name: String)? {
    guard let end = text.range(of: "\(ending):"), end.upperBound < text.endIndex else { return nil }
    return (String(text[..<text.index(before: end.upperBound)]), String(text[end.upperBound...]))
  }

  /// Path of the file.
  package var file: String {
    switch self {
    case .text(let file), .hepData(let file, _), .root(let file, _): file
    }
  }

  /// The option's text without folders.
  var name: String {
    switch self {
    case .text(let file): file.fileName
    case .hepData(let file, let variable): file.fileName + (variable.map { ":\($0)" } ?? "")
    case .root(let file, let object): "\(file.fileName):\(object)"
    }
  }

  /// A matrix as in a file, with the file's statements about its unit.
  struct Content {
    /// The matrix, shape [rows × rows]; the bins may be some of the rows.
    var matrix: Matrix
    /// Units stated by the file.
    var stated: [UnitStatement] = []
    /// Remarks for the user on how the matrix was obtained.
    var hints: [String] = []
  }

  /// Reads the matrix of the file.
  /// - Parameters:
  ///   - bins: number of bins, which decides between two possible layouts.
  ///   - python: returns the Python that reads ROOT files.
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
