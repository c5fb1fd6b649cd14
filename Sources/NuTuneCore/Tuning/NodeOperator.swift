/// The linear map from node values of a structure-function model to the rates in the bins of one sample.
///
/// Node values are the smooth functions (a, b, c) of ``LeptonTensor`` at the nodes of the problem, three arrays of shape
/// [nodes] one after the other. A result does not depend on the number of threads.
public protocol NodeOperator: Sendable {
  /// Number of nodes.
  var nodeCount: Int { get }
  /// Number of bins.
  var binCount: Int { get }

  /// Computes rates, shape [bins], from node values, shape [3][nodes], in single precision with double-precision sums.
  func apply(_ values: UnsafeBufferPointer<Float>, rates: UnsafeMutableBufferPointer<Double>, threads: Int)
  /// Computes rates, shape [bins], from node values, shape [3][nodes], in double precision.
  func apply(_ values: UnsafeBufferPointer<Double>, rates: UnsafeMutableBufferPointer<Double>, threads: Int)
  /// Computes the gradient with respect to node values, shape [3][nodes] (overwritten), from the gradient with respect
  /// to rates, shape [bins].
  func applyTranspose(
    _ gradient: UnsafeBufferPointer<Double>, values: UnsafeMutableBufferPointer<Float>, threads: Int)
  /// Computes the gradient with respect to node values, shape [3][nodes] (overwritten), from the gradient with respect
  /// to rates, shape [bins].
  func applyTranspose(
    _ gradient: UnsafeBufferPointer<Double>, values: UnsafeMutableBufferPointer<Double>, threads: Int)
}
