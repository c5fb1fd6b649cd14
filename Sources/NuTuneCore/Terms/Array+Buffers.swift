extension [Double] {
  /// Calls a body with the elements in place, and throws what it throws.
  func withRates<Value>(
    _ body: (UnsafeBufferPointer<Double>) throws(TermError) -> Value
  ) throws(TermError) -> Value {
    let result = withUnsafeBufferPointer { buffer -> Result<Value, TermError> in
      do throws(TermError) { return .success(try body(buffer)) } catch { return .failure(error) }
    }
    return try result.get()
  }

  /// Calls a body with the elements in place, which it may change, and throws what it throws.
  mutating func withGradient<Value>(
    _ body: (UnsafeMutableBufferPointer<Double>) throws(TermError) -> Value
  ) throws(TermError) -> Value {
    let result = withUnsafeMutableBufferPointer { buffer -> Result<Value, TermError> in
      do throws(TermError) { return .success(try body(buffer)) } catch { return .failure(error) }
    }
    return try result.get()
  }
}
