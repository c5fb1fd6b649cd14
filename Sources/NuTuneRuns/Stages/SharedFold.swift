import NuTuneAnalysis
import Synchronization

/// The fold of several runs whose studies differ in the seed of their data alone, made by the first of them.
package final class SharedFold: Sendable {
  private let folded = Mutex<Analysis?>(nil)

  /// Starts without a fold.
  package init() {}

  /// The analysis as it was folded; folds it where none was.
  func analysis(_ fold: () throws -> Analysis) throws -> Analysis {
    try folded.withLock { folded in
      if let folded { return folded }
      let analysis = try fold()
      folded = analysis
      return analysis
    }
  }
}
