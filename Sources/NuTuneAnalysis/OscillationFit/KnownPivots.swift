import Synchronization

/// The ``PivotPrediction`` of a fit: made when it is first asked for, and kept for all copies of the fit that differ in their data.
final class KnownPivots: Sendable {
  private enum State {
    case unknown
    case known(PivotPrediction?)
  }

  private let state = Mutex(State.unknown)

  /// Returns it, made by `make` the first time; nil where pivots do not suffice.
  func prediction(_ make: () -> PivotPrediction?) -> PivotPrediction? {
    state.withLock { state in
      if case .known(let prediction) = state { return prediction }
      let prediction = make()
      state = .known(prediction)
      return prediction
    }
  }
}
