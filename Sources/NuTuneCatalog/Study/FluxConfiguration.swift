import NuTuneCore

/// The flux of one horn mode.
package struct FluxConfiguration: Sendable {
  /// The horn mode, `fhc`.
  package var mode: String
  /// The catalog entry, nil when the flux is written out.
  package var base: String?
  /// Title for people.
  package var title: String
  /// The plugin and its parameters.
  package var selection: PluginSelection
  /// What to cite, besides what the plugin says.
  package var citations: [Citation]
}

extension FluxConfiguration {
  init(_ entry: ConfigurationNode.Entry, path: String, in context: ReadingContext) throws {
    try FileSafeName.check(entry.key, at: entry.location, key: path)
    var node = entry.value
    var citations: [Citation] = []
    var title: String?
    let base = node["base"]?.text
    if let base {
      let flux = try context.catalog.entry(.fluxes, named: base, at: node["base"]?.location, key: path)
      citations = flux.citations
      title = flux.title
      node = node.merged(over: flux.values)
    }
    self.init(
      mode: entry.key, base: base, title: title ?? entry.key,
      selection: try PluginSelection(
        label: entry.key, kind: .flux, from: node, path: path, alsoAllowed: ["base"], in: context),
      citations: citations)
  }
}
