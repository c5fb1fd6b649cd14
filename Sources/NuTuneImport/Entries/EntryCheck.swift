import NuTuneCatalog
import NuTuneCore

/// Checks that a written entry reproduces its input.
protocol EntryCheck: Sendable {
  /// Throws unless the entry reproduces its input.
  func check(_ entry: CatalogEntry, registry: Registry) throws
}
