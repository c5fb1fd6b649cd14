import NuTuneCatalog
import NuTuneCore

/// The part of `nutune show` about a flux covariance, in addition to its entry.
enum FluxCovarianceSummary {
  /// The covariance was read.
  case numbers(FluxCovariance)
  /// Files of the covariance are missing; the sentence says which.
  case absent(String)

  /// Summarises a catalog entry; nil for another kind; a mistake in the entry or its files is an error.
  init?(of entry: CatalogEntry) throws {
    guard entry.kind == .fluxCovariances else { return nil }
    do {
      self = .numbers(try FluxCovarianceConfiguration(entry).covariance)
    } catch {
      var problems = NuTuneErrors()
      problems.add(error)
      guard problems.errors.allSatisfy({ $0.category == .missingInput }) else { throw error }
      self = .absent(problems.description)
    }
  }

  /// Text for readers.
  var text: String {
    switch self {
    case .numbers(let covariance):
      let errors = covariance.fractionalErrors
      return "\(covariance.bins.count) bins, rank \(covariance.rank), fractional errors "
        + "from \(Self.digits(errors.min() ?? 0)) to \(Self.digits(errors.max() ?? 0))\n"
    case .absent(let reason): return "Its data are not here: \(reason)\n"
    }
  }

  /// JSON for programs.
  var json: JSONValue {
    switch self {
    case .numbers(let covariance):
      [
        "bins": .integer(covariance.bins.count), "rank": .integer(covariance.rank),
        "fractional_errors": .list(covariance.fractionalErrors.map { .number($0) }),
      ]
    case .absent(let reason): ["missing": .text(reason)]
    }
  }

  /// Rounds to three decimals.
  private static func digits(_ value: Double) -> String { "\((value * 1000).rounded() / 1000)" }
}
