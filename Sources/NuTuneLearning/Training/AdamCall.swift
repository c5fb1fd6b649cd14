/// Arguments of an Adam step.
public struct AdamCall<Scalar> {
  let parameters: UnsafeMutablePointer<Scalar>
  let gradient: UnsafePointer<Scalar>
  let firstMoment: UnsafeMutablePointer<Scalar>
  let secondMoment: UnsafeMutablePointer<Scalar>
  let count: Int
  let learningRate: Double
  let beta1: Double
  let beta2: Double
  let epsilon: Double
  let correction1: Double
  let correction2: Double
}
