import Foundation
import NuTuneCore

/// Tensors in the safetensors format: a little-endian length, a JSON header with name, dtype, shape and byte range of
/// each tensor, then their bytes (https://huggingface.co/docs/safetensors).
package enum SafeTensors {
  private struct Entry: Codable {
    var dtype: String
    var shape: [Int]
    var offsets: [Int]

    enum CodingKeys: String, CodingKey {
      case dtype
      case shape
      case offsets = "data_offsets"
    }
  }

  /// Encodes single-precision tensors as a file.
  package static func encode(_ tensors: [ModelState.Tensor]) throws -> Data {
    var header: [String: Entry] = [:]
    var body = Data()
    for tensor in tensors {
      let start = body.count
      for element in tensor.elements {
        withUnsafeBytes(of: element.bitPattern.littleEndian) { body.append(contentsOf: $0) }
      }
      header[tensor.name] = Entry(dtype: "F32", shape: tensor.shape, offsets: [start, body.count])
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    var json = try encoder.encode(header)
    json.append(contentsOf: [UInt8](repeating: 0x20, count: (8 - json.count % 8) % 8))
    var file = Data()
    withUnsafeBytes(of: UInt64(json.count).littleEndian) { file.append(contentsOf: $0) }
    return file + json + body
  }

  /// Decodes the tensors of a file, in the order of their bytes.
  package static func decode(_ data: Data, path: String) throws -> [ModelState.Tensor] {
    func refuse(_ found: String) -> NuTuneError {
      NuTuneError(
        .badData, at: SourceLocation(file: path), found: found, expected: "a safetensors file with finite F32 tensors")
    }
    let bytes = [UInt8](data)
    guard bytes.count >= 8 else { throw refuse("\(bytes.count) bytes") }
    let length = bytes[0..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= UInt64(bytes.count - 8) else { throw refuse("a header longer than the file") }
    let end = 8 + Int(length)
    guard let header = try? JSONDecoder().decode([String: Entry].self, from: Data(bytes[8..<end])) else {
      throw refuse("a header that is not JSON")
    }
    let ordered = header.sorted { ($0.value.offsets.first ?? 0) < ($1.value.offsets.first ?? 0) }
    return try ordered.map { name, entry in
      guard entry.dtype == "F32", entry.offsets.count == 2, 0 <= entry.offsets[0], entry.offsets[0] <= entry.offsets[1],
        entry.offsets[1] <= bytes.count - end,
        let count = elementCount(entry.shape, most: bytes.count / 4), entry.offsets[1] - entry.offsets[0] == 4 * count
      else {
        throw refuse(
          "the tensor “\(name.prefix(80))” of shape \(entry.shape.prefix(8)), dtype \(entry.dtype.prefix(8)) and range "
            + "\(entry.offsets.prefix(3))")
      }
      let start = end + entry.offsets[0]
      let elements = (0..<count).map { index in
        let at = start + 4 * index
        let bits =
          UInt32(bytes[at]) | UInt32(bytes[at + 1]) << 8 | UInt32(bytes[at + 2]) << 16 | UInt32(bytes[at + 3]) << 24
        return Float(bitPattern: bits)
      }
      guard elements.allSatisfy(\.isFinite) else {
        throw refuse("an infinite number in the tensor “\(name.prefix(80))”")
      }
      return ModelState.Tensor(name: name, shape: entry.shape, elements: elements)
    }
  }

  /// Returns the number of elements of a shape; nil for negative lengths, or more elements than the file can have.
  private static func elementCount(_ shape: [Int], most: Int) -> Int? {
    var count = 1
    for length in shape {
      let (product, isTooLarge) = count.multipliedReportingOverflow(by: length)
      guard length >= 0, !isTooLarge, product <= most else { return nil }
      count = product
    }
    return count
  }
}
