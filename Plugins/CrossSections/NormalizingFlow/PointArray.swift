/// Numbers in one block of memory that a training step reuses.
final class PointArray {
  let all: UnsafeMutableBufferPointer<Double>

  init(_ count: Int) {
    all = .allocate(capacity: count)
    all.initialize(repeating: 0)
  }

  deinit { all.deallocate() }
}
