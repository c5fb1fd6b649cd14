import NuTuneCatalog
import NuTuneCore

/// The part of `nutune show` about a measurement, in addition to its entry.
enum MeasurementNumbers {
  /// The tables were read.
  case numbers(CrossSectionMeasurement)
  /// Published tables of the measurement are missing; the sentence says which.
  case absent(String)

  /// Reads a measurement entry; a mistake in the entry or its files is an error.
  init(of entry: CatalogEntry) throws {
    do {
      self = .numbers(try MeasurementConfiguration(entry).measurement)
    } catch {
      var problems = NuTuneErrors()
      problems.add(error)
      guard problems.errors.allSatisfy({ $0.category == .missingInput }) else { throw error }
      self = .absent(problems.description)
    }
  }

  /// Text for readers.
  var text: String {
    get throws {
      switch self {
      case .numbers(let measurement): try measurement.summary()
      case .absent(let reason): "Its data are not here: \(reason)\n"
      }
    }
  }

  /// JSON for programs.
  var json: JSONValue {
    switch self {
    case .numbers(let measurement):
      [
        "bins": .integer(measurement.bins.count), "has_covariance": .boolean(measurement.covariance != nil),
        "sum_cm2_per_nucleon": .number(measurement.integral),
      ]
    case .absent(let reason): ["missing": .text(reason)]
    }
  }
}
