import NuTuneCatalog
import NuTuneCore

/// Whether a written entry gives back what it was made from.
protocol EntryCheck: Sendable {
  /// Throws where it does not.
  func check(_ entry: CatalogEntry, registry: Registry) throws
}
