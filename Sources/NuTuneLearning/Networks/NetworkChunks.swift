import CKernels

/// The fixed partition of the points: it depends on their number only, so that every sum over points has one order for
/// any number of threads.
struct NetworkChunks {
  let points: Int
  let blocks: Int
  let blocksPerChunk: Int
  let blockSize = Int(NET_BLOCK)

  /// Divides the points into chunks of 512, or larger ones so that there are at most 64.
  init(points: Int) {
    self.points = points
    blocks = (points + blockSize - 1) / blockSize
    blocksPerChunk = max(8, (blocks + 63) / 64)
  }

  var count: Int { (blocks + blocksPerChunk - 1) / blocksPerChunk }

  func range(_ chunk: Int) -> Range<Int> {
    let size = blocksPerChunk * blockSize
    return chunk * size..<min(points, (chunk + 1) * size)
  }
}
