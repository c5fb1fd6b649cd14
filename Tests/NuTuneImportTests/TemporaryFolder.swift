import BuiltInPlugins
import Foundation
import NuTuneCore
import NuTuneImport

/// A folder with files to import and a catalogs folder to write into, gone when its owner is.
final class TemporaryFolder: Sendable {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "nutune-import-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: catalog + "/fluxes", withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  var catalog: String { "\(path)/catalogs" }

  /// Writes a file; its path.
  func file(_ name: String, _ text: String) throws -> String {
    try text.write(toFile: "\(path)/\(name)", atomically: true, encoding: .utf8)
    return "\(path)/\(name)"
  }

  /// Text of a file of the catalog.
  func text(_ name: String) throws -> String { try String(contentsOfFile: "\(catalog)/\(name)", encoding: .utf8) }

  /// Writes an entry as the command does.
  func write(_ draft: EntryDraft) throws { try draft.write(in: catalog, registry: try BuiltInPlugins.registry()) }

  /// The sentence of an error with this folder left out; “no error” without one.
  func sentence(_ body: () throws -> Void) -> String {
    do {
      try body()
      return "no error"
    } catch { return "\(error)".replacing(path + "/", with: "") }
  }
}

/// Published data that stay outside the repository: `../shared/data` beside the package, or `NUTUNE_DATA`.
enum PublishedData {
  static let folder =
    ProcessInfo.processInfo.environment["NUTUNE_DATA"]
    ?? URL(filePath: #filePath).appending(path: "../../../../shared/data").standardized.path
  static let isThere = FileManager.default.fileExists(atPath: folder + "/flux")
}

/// A description of an entry that says nothing of interest.
func description(_ name: String, files: [String] = [], citing bibliography: String? = nil) throws -> EntryDescription {
  var options = EntryDescription.Options()
  (options.name, options.title, options.cite) = (name, "A title: “with” \"quotes\"", bibliography)
  options.hasNoCitation = bibliography == nil
  var interview = Interview(ask: nil)
  guard let description = EntryDescription(options, format: "csv", files: files, &interview) else {
    try interview.finish()
    throw NuTuneError(.internalError, found: "nothing", expected: "a description, or an error")
  }
  return description
}

/// A flux in ν/cm²/GeV/POT unless something else is said.
func fluxImport(
  _ tables: [ColumnTable], columns: [String], area: String = "cm2", per: String = "GeV", pot: String = "1",
  energy: String = "GeV", points: String? = nil, rebin: String? = nil, digits: Int? = nil
) throws -> FluxImport {
  var options = FluxImport.Options()
  options.units = FluxUnits.Options(area: area, per: per, pot: pot, energy: energy)
  (options.columns, options.points, options.rebin, options.digits) = (columns, points, rebin, digits)
  var interview = Interview(ask: nil)
  let flux = FluxImport(tables, options, &interview)
  try interview.finish()
  guard let flux else { throw NuTuneError(.internalError, found: "nothing", expected: "a flux, or an error") }
  return flux
}
