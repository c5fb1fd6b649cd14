import Foundation

/// Bytes of a state, little-endian: "NTTRAIN2", bytes per scalar, step, counts of parameters, recent losses, history,
/// average and best parameters, step of the best (−1 for none), β₁, β₂, ε, loss of the best, parameters, m, v, average,
/// best parameters, recent losses, history (step, loss), FNV-1a of all before.
extension TrainingState {
  /// Encodes the state exactly.
  public func encoded() -> Data {
    var data = Data(stateMagic)
    let counts = [
      MemoryLayout<Scalar>.size, step, parameters.count, recentLosses.count, history.count, average.count,
      bestParameters.count, best?.step ?? -1,
    ]
    for count in counts {
      data.appendBytes(of: [Int64(count)])
    }
    data.appendBytes(of: [optimizer.beta1, optimizer.beta2, optimizer.epsilon, best?.loss ?? 0])
    for values in [parameters, optimizer.firstMoment, optimizer.secondMoment, average, bestParameters] {
      data.appendBytes(of: values)
    }
    data.appendBytes(of: recentLosses)
    data.appendBytes(of: history.map { Int64($0.step) })
    data.appendBytes(of: history.map(\.loss))
    data.appendBytes(of: [fingerprint(data)])
    return data
  }

  /// Decodes the bytes that `encoded()` wrote.
  /// - Throws: `LearningError.invalidState` if the bytes are damaged, cut short, or of another precision.
  public init(decoding data: Data) throws(LearningError) {
    var reader = ByteReader(bytes: [UInt8](data))
    guard reader.bytes.count > 16, reader.bytes.starts(with: stateMagic) else {
      throw LearningError.invalidState("the bytes do not begin like a training state")
    }
    let body = reader.bytes.count - 8
    reader.offset = body
    guard try reader.read(UInt64.self, 1)[0] == fingerprint(data.prefix(body)) else {
      throw LearningError.invalidState("the checksum does not match: the bytes are damaged or cut short")
    }
    reader.offset = stateMagic.count
    let counts = try reader.read(Int64.self, 8).map { Int($0) }
    guard counts[0] == MemoryLayout<Scalar>.size else {
      throw LearningError.invalidState("expected \(MemoryLayout<Scalar>.size) bytes per number, found \(counts[0])")
    }
    let settings = try reader.read(Double.self, 4)
    var optimizer = Adam<Scalar>(parameterCount: 0, beta1: settings[0], beta2: settings[1], epsilon: settings[2])
    let parameters = try reader.read(Scalar.self, counts[2])
    optimizer.step = counts[1]
    optimizer.firstMoment = try reader.read(Scalar.self, counts[2])
    optimizer.secondMoment = try reader.read(Scalar.self, counts[2])
    let average = try reader.read(Scalar.self, counts[5])
    let bestParameters = try reader.read(Scalar.self, counts[6])
    let recentLosses = try reader.read(Double.self, counts[3])
    let steps = try reader.read(Int64.self, counts[4])
    let losses = try reader.read(Double.self, counts[4])
    self.init(
      parameters: parameters, optimizer: optimizer, recentLosses: recentLosses,
      history: zip(steps, losses).map { LossPoint(step: Int($0), loss: $1) }, average: average,
      best: counts[7] < 0 ? nil : JudgedStep(step: counts[7], loss: settings[3]), bestParameters: bestParameters)
  }
}

private let stateMagic = Array("NTTRAIN2".utf8)

/// Computes the FNV-1a hash, 64 bits, which detects damage only.
private func fingerprint(_ data: Data) -> UInt64 {
  data.withUnsafeBytes { bytes in
    bytes.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
  }
}

extension Data {
  fileprivate mutating func appendBytes<Value: BitwiseCopyable>(of values: [Value]) {
    values.withUnsafeBytes { append(contentsOf: $0) }
  }
}

private struct ByteReader {
  let bytes: [UInt8]
  var offset = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  mutating func read<Value>(_ type: Value.Type, _ count: Int) throws(LearningError) -> [Value] {
    let size = MemoryLayout<Value>.stride
    guard count >= 0, count <= (bytes.count - offset) / size else {
      throw LearningError.invalidState("\(count) numbers do not fit into the bytes that are left")
    }
    let values = [Value](unsafeUninitializedCapacity: count) { buffer, initialized in
      bytes.withUnsafeBytes { source in
        UnsafeMutableRawBufferPointer(buffer).copyMemory(
          from: UnsafeRawBufferPointer(rebasing: source[offset..<offset + count * size]))
      }
      initialized = count
    }
    offset += count * size
    return values
  }
}
