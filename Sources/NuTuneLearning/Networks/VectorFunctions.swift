/// Functions of physics layers on whole arrays, ten times faster than one libm call per value.
///
/// Errors: below 1e-7 (`Float`) and 1e-15 (`Double`) relative for exp, two units in the last place for tanh. Input and
/// output may be the same memory.
public enum VectorFunctions {
  /// eˣ, elementwise; buffers of one length.
  public static func exp<Scalar: NetworkScalar>(
    _ x: UnsafeBufferPointer<Scalar>, into y: UnsafeMutableBufferPointer<Scalar>
  ) {
    precondition(x.count == y.count, "buffers of one length")
    guard let x = x.baseAddress, let to = y.baseAddress else { return }
    Scalar.vectorExp(x, to, y.count)
  }

  /// tanh x and its derivative 1 − tanh² x, elementwise; buffers of one length.
  public static func tanh<Scalar: NetworkScalar>(
    _ x: UnsafeBufferPointer<Scalar>, into y: UnsafeMutableBufferPointer<Scalar>,
    derivative: UnsafeMutableBufferPointer<Scalar>
  ) {
    precondition(x.count == y.count && derivative.count == y.count, "buffers of one length")
    guard let x = x.baseAddress, let to = y.baseAddress, let slope = derivative.baseAddress else { return }
    Scalar.vectorTanh(x, to, slope, y.count)
  }
}
