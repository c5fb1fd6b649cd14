import NuTuneCore
import NuTuneNumerics

/// What numbers of the detectors' response that were fitted with a process do to its weights, see ``ResponsePosterior``.
struct ProcessResponse: Sendable {
  /// Names of the numbers.
  let names: [String]
  /// L, where L Lᵀ is the covariance of the numbers in their units, shape [numbers × directions].
  let numbers: Matrix
  /// Y, where F Y are the changes of the weights along the directions, shape [weights × directions].
  let weights: Matrix
}
