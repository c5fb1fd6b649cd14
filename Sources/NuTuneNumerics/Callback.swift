import CGSL

/// A Swift closure that is handed through C, with the number of its calls and the first error it threw. The error is
/// kept here and rethrown when C has returned; until then the callback answers NaN without calling the closure again,
/// which makes GSL's routines stop.
struct Callback<Function> {
  let function: Function
  var failure: (any Error)?
  var evaluations = 0
}

/// Calls `body` with a `gsl_function` that calls `function`; rethrows what `function` threw. A NaN or infinite value
/// is an error of `operation`.
func withScalarCallback<R>(
  _ operation: String, _ function: (Double) throws -> Double, afterFailure: Double = .nan,
  _ body: (UnsafeMutablePointer<gsl_function>) throws -> R
) throws -> (result: R, evaluations: Int) {
  try withoutActuallyEscaping(function) { function in
    var box = ScalarCallback(
      callback: Callback(function: function), operation: operation, valueAfterFailure: afterFailure)
    let outcome: Result<R, any Error> = withUnsafeMutablePointer(to: &box) { pointer in
      var gslFunction = gsl_function(
        function: { x, context in
          // GSL passes back the pointer it was given, never null.
          guard let context else { return .nan }
          return context.assumingMemoryBound(to: ScalarCallback.self).pointee.call(x)
        }, params: UnsafeMutableRawPointer(pointer))
      return Result { try body(&gslFunction) }
    }
    if let failure = box.callback.failure { throw failure }
    return (try outcome.get(), box.callback.evaluations)
  }
}

private struct ScalarCallback {
  var callback: Callback<(Double) throws -> Double>
  let operation: String
  let valueAfterFailure: Double

  mutating func call(_ x: Double) -> Double {
    guard callback.failure == nil else { return valueAfterFailure }
    callback.evaluations += 1
    do {
      let value = try callback.function(x)
      guard value.isFinite else {
        throw NumericsError(operation, .badFunction, "the function is \(value) at \(x)")
      }
      return value
    } catch {
      callback.failure = error
      return valueAfterFailure
    }
  }
}
