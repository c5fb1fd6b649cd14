/// Sizes in elements, as the kernels lay a net out.
public struct NetworkKernelSizes: Sendable {
  let packed: Int
  let tapePerBlock: Int
  let scratch: Int
  let gradient: Int
}
