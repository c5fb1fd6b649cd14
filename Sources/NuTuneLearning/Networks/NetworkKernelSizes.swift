/// Sizes of the kernels' buffers for a net, in elements.
public struct NetworkKernelSizes: Sendable {
  let packed: Int
  let tapePerBlock: Int
  let scratch: Int
  let gradient: Int
}
