/// Arguments of a backward pass over the points `first ..< first + count`.
public struct NetworkBackwardCall<Scalar> {
  let shape: NetworkShape
  let packed: UnsafePointer<Scalar>
  let inputs: UnsafePointer<Scalar>
  let stride: Int
  let first: Int
  let count: Int
  let tape: UnsafePointer<Scalar>
  let outputGradients: UnsafePointer<Scalar>
  let gradient: UnsafeMutablePointer<Scalar>
  let inputGradients: UnsafeMutablePointer<Scalar>?
  let scratch: UnsafeMutablePointer<Scalar>
}
