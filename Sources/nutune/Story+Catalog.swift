import NuTuneCatalog
import NuTuneCore
import NuTuneReport

extension Story {
  /// Reads a story file, or the story of that name in the catalog.
  init(_ path: String) throws {
    var file = path
    if !path.contains("/"), !path.hasSuffix(".yaml"), !path.hasSuffix(".yml"), !FilePath.exists(path) {
      let catalog = Catalog.find()
      guard let known = catalog.path(of: .stories, named: path) else {
        let names = catalog.names(of: .stories)
        throw NuTuneError(
          .missingInput, at: SourceLocation(file: path), found: "neither a file nor a story of the catalog",
          expected: names.isEmpty ? "a story file" : "a story file, or one of \(names.joined(separator: ", "))",
          suggestion: Suggestion.nearest(to: path, among: names))
      }
      file = known
    }
    let entry = try CatalogEntry(.stories, path: file)
    try self.init(title: entry.title, entry.node)
  }
}
