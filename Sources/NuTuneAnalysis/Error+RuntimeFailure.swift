import NuTuneCore
import NuTuneNumerics
import NuTuneStatistics

extension Error {
  /// Whether it concerns numbers that came out wrong, not what a user gave or a file that could not be written.
  package var isRuntimeFailure: Bool {
    switch self {
    case let error as NuTuneError: error.category == .runtime
    case is InferenceError, is NumericsError: true
    default: false
    }
  }
}
