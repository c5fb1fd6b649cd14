import Foundation
import NuTuneCore
import NuTuneFiles

/// The catalogs folders in reach, nearest first; an entry of a nearer folder hides one of the same name further away.
package struct Catalog: Sendable {
  /// Catalogs folders, nearest first.
  package let folders: [String]

  /// A catalog of known folders.
  package init(folders: [String]) {
    self.folders = folders
  }

  /// Finds the catalogs folders.
  ///
  /// `NUTUNE_CATALOGS` (folders separated by colons) decides alone when it is set; otherwise every folder named
  /// `catalogs` counts that lies in or above the folder of the study, the current folder, or that of the executable,
  /// and after them `share/nutune/catalogs` above the executable, where `make install` puts it.
  ///
  /// - Parameters:
  ///   - folder: that of the study; nil without one.
  ///   - environment: where `NUTUNE_CATALOGS` may be set.
  ///   - program: path of the executable, or of the shared library that holds this code.
  package static func find(
    near folder: String? = nil, environment: [String: String] = ProcessInfo.processInfo.environment,
    program: String = LoadedImage.path
  ) -> Catalog {
    if let named = environment["NUTUNE_CATALOGS"], !named.isEmpty {
      return Catalog(folders: named.split(separator: ":").map(String.init))
    }
    let executable = FilePath.folder(of: program)
    let starts = [folder, FileManager.default.currentDirectoryPath, executable].compactMap { $0 }
    var folders: [String] = []
    for candidate in starts.flatMap(inOrAbove) + installed(above: executable) where !folders.contains(candidate) {
      folders.append(candidate)
    }
    return Catalog(folders: folders)
  }

  /// The nearest catalogs folder in or above a folder, or the first that `NUTUNE_CATALOGS` names; nil without any.
  /// - Parameters:
  ///   - folder: where to begin.
  ///   - environment: where `NUTUNE_CATALOGS` may be set.
  package static func nearest(
    to folder: String, environment: [String: String] = ProcessInfo.processInfo.environment
  ) -> String? {
    if let named = environment["NUTUNE_CATALOGS"], !named.isEmpty {
      return named.split(separator: ":").first.map(String.init)
    }
    return inOrAbove(folder).first
  }

  /// Folders named `catalogs` that hold entries, in or above a folder, nearest first.
  private static func inOrAbove(_ folder: String) -> [String] {
    var folders: [String] = []
    for place in upwards(from: folder) {
      for candidate in [place, FilePath.join(place, "catalogs")]
      where FilePath.name(of: candidate) == "catalogs" && isCatalog(candidate) && !folders.contains(candidate) {
        folders.append(candidate)
      }
    }
    return folders
  }

  /// What `make install` put into `share/nutune` beside a folder of programs or above it.
  private static func installed(above folder: String) -> [String] {
    upwards(from: folder).map { FilePath.join($0, "share/nutune/catalogs") }.filter(isCatalog)
  }

  /// A folder and all above it, up to the root.
  private static func upwards(from folder: String) -> [String] {
    var places = [FilePath.absolute(folder)]
    while let place = places.last, place != "/", !place.isEmpty { places.append(FilePath.folder(of: place)) }
    return places
  }

  private static func isCatalog(_ folder: String) -> Bool {
    CatalogKind.allCases.contains { kind in
      FilePath.isFolder("\(folder)/\(kind.rawValue)")
    }
  }

  /// Names of all entries of a kind, sorted.
  package func names(of kind: CatalogKind) -> [String] {
    Set(folders.flatMap { Self.files(in: "\($0)/\(kind.rawValue)").keys }).sorted()
  }

  /// The entry named `name`, or an error that suggests the nearest.
  package func entry(_ kind: CatalogKind, named name: String, at location: SourceLocation? = nil, key: String? = nil)
    throws -> CatalogEntry
  {
    guard let path = path(of: kind, named: name) else {
      let known = names(of: kind)
      throw NuTuneError(
        .badData, at: location, key: key, found: "the unknown \(kind.singular) “\(name)”",
        expected: known.isEmpty
          ? "an entry in a catalogs folder (\(folders.isEmpty ? "none found" : folders.joined(separator: ", ")))"
          : "one of \(known.joined(separator: ", "))",
        suggestion: Suggestion.nearest(to: name, among: known))
    }
    return try CatalogEntry(kind, path: path)
  }

  /// The file of an entry, nil when there is none.
  package func path(of kind: CatalogKind, named name: String) -> String? {
    folders.lazy.compactMap { Self.files(in: "\($0)/\(kind.rawValue)")[name] }.first
  }

  /// Paths of the YAML files of a folder, by name without ending.
  private static func files(in folder: String) -> [String: String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    var files: [String: String] = [:]
    for name in names.sorted() {
      for ending in [".yaml", ".yml"] where name.hasSuffix(ending) && !name.hasPrefix(".") {
        files[String(name.dropLast(ending.count))] = "\(folder)/\(name)"
      }
    }
    return files
  }
}
