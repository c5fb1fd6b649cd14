import Foundation
import NuTuneCore

/// What a function of the C interface returns.
enum Failure {
  /// The code of success.
  static let none: Int32 = 0
  /// The code of a computation that the caller cancelled, that of a shell after Ctrl-C.
  static let cancelled: Int32 = 130

  /// Runs the body of a function of the C interface; an error becomes a code and one sentence for each mistake.
  ///
  /// - Parameters:
  ///   - message: where the text is left, which the caller frees; null after success.
  ///   - body: the work.
  static func reported(
    to message: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>, _ body: () throws -> Void
  ) -> Int32 {
    message.pointee = nil
    do {
      try body()
      return none
    } catch is Cancellation {
      message.pointee = strdup("cancelled by the caller")
      return cancelled
    } catch {
      var problems = NuTuneErrors()
      problems.add(error)
      message.pointee = strdup(problems.description)
      return problems.category.rawValue
    }
  }
}
