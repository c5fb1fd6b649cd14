import CGSL

typealias Multivariate = ([Double]) throws -> Double
typealias MultivariateGradient = ([Double]) throws -> [Double]

/// A function of several variables and its gradient, as they are handed through C to GSL's minimisers.
struct MultivariateCallback {
  var callback: Callback<Multivariate>
  let operation: String
  /// Nil means central differences with `differenceSteps`.
  let gradient: MultivariateGradient?
  let differenceSteps: [Double]

  mutating func value(at x: [Double]) -> Double {
    guard callback.failure == nil else { return .nan }
    do {
      return try checkedValue(at: x)
    } catch {
      callback.failure = error
      return .nan
    }
  }

  mutating func gradientValues(at x: [Double]) -> [Double] {
    let unknown = [Double](repeating: .nan, count: x.count)
    guard callback.failure == nil else { return unknown }
    do {
      let values: [Double]
      if let gradient {
        values = try gradient(x)
      } else {
        values = try CentralDifferences.gradient(at: x, steps: differenceSteps) { try checkedValue(at: $0) }
      }
      guard values.count == x.count, values.allSatisfy(\.isFinite) else {
        throw NumericsError(operation, .badFunction, "the gradient is \(values) at \(x)")
      }
      return values
    } catch {
      callback.failure = error
      return unknown
    }
  }

  private mutating func checkedValue(at x: [Double]) throws -> Double {
    callback.evaluations += 1
    let value = try callback.function(x)
    guard value.isFinite else { throw NumericsError(operation, .badFunction, "the function is \(value) at \(x)") }
    return value
  }
}

func multivariateValue(_ x: UnsafePointer<gsl_vector>?, _ context: UnsafeMutableRawPointer?) -> Double {
  guard let x, let context else { return .nan }
  return context.assumingMemoryBound(to: MultivariateCallback.self).pointee.value(at: x.values)
}

func multivariateGradient(
  _ x: UnsafePointer<gsl_vector>?, _ context: UnsafeMutableRawPointer?, _ gradient: UnsafeMutablePointer<gsl_vector>?
) {
  guard let x, let context, let gradient else { return }
  gradient.assign(context.assumingMemoryBound(to: MultivariateCallback.self).pointee.gradientValues(at: x.values))
}

/// Calls `body` with a pointer to hand to GSL; rethrows what `function` or `gradient` threw.
func withMultivariateCallback<R>(
  _ operation: String, _ function: Multivariate, gradient: MultivariateGradient?, differenceSteps: [Double] = [],
  _ body: (UnsafeMutablePointer<MultivariateCallback>) throws -> R
) throws -> R {
  try withoutActuallyEscaping(function) { function in
    var box = MultivariateCallback(
      callback: Callback(function: function), operation: operation, gradient: gradient,
      differenceSteps: differenceSteps)
    let outcome: Result<R, any Error> = withUnsafeMutablePointer(to: &box) { pointer in Result { try body(pointer) } }
    if let failure = box.callback.failure { throw failure }
    return try outcome.get()
  }
}
