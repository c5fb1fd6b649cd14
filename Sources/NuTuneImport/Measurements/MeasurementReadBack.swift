import NuTuneCatalog
import NuTuneCore

/// Checks that a written measurement entry reproduces its input.
struct MeasurementReadBack: EntryCheck {
  let measurement: CrossSectionMeasurement

  /// Reads the entry, which checks it, and compares every number.
  func check(_ entry: CatalogEntry, registry: Registry) throws {
    let found = try MeasurementConfiguration(entry).measurement
    guard found.bins == measurement.bins, found.values == measurement.values, found.errors == measurement.errors,
      found.covariance == measurement.covariance
    else {
      throw NuTuneError(
        .internalError, at: SourceLocation(file: entry.path), found: "other numbers", expected: "those written")
    }
  }
}
