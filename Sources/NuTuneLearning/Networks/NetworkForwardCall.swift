/// Arguments of a forward pass over the points `first ..< first + count`.
public struct NetworkForwardCall<Scalar> {
  let shape: NetworkShape
  let packed: UnsafePointer<Scalar>
  let inputs: UnsafePointer<Scalar>
  let stride: Int
  let first: Int
  let count: Int
  let outputs: UnsafeMutablePointer<Scalar>
  let tape: UnsafeMutablePointer<Scalar>?
  let scratch: UnsafeMutablePointer<Scalar>
}
