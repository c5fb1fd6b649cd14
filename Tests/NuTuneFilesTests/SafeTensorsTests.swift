import Foundation
import NuTuneCore
import NuTuneFiles
import Testing

/// Weights of models are read from files that anybody may have written.
@Suite struct SafeTensorsTests {
  private func file(_ header: String, body: [UInt8] = [0, 0, 0, 0]) -> Data {
    var data = Data()
    withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { data.append(contentsOf: $0) }
    return data + Data(header.utf8) + Data(body)
  }

  @Test func whatIsWrittenIsRead() throws {
    let tensor = ModelState.Tensor(name: "w", shape: [2, 1], elements: [1.5, -0.25])
    #expect(try SafeTensors.decode(SafeTensors.encode([tensor]), path: "w") == [tensor])
  }

  @Test(arguments: [
    #"{"w":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,4]}}"#,
    #"{"w":{"dtype":"F32","shape":[-1,-1],"data_offsets":[0,4]}}"#,
    #"{"w":{"dtype":"F32","shape":[1],"data_offsets":[-9223372036854775808,4]}}"#,
    #"{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,9223372036854775807]}}"#,
    #"{"w":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#,
    #"{"w":{"dtype":"F32","shape":[],"data_offsets":[0]}}"#, "[]", "",
  ])
  func aFalseHeaderIsRefused(_ header: String) {
    #expect(throws: NuTuneError.self) { try SafeTensors.decode(file(header), path: "w") }
  }

  @Test func anInfiniteWeightIsRefused() throws {
    let header = #"{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#
    #expect(try SafeTensors.decode(file(header, body: [0, 0, 0x80, 0x3F]), path: "w")[0].elements == [1])
    let error = #expect(throws: NuTuneError.self) {
      try SafeTensors.decode(file(header, body: [0, 0, 0x80, 0x7F]), path: "w")
    }
    #expect(error?.category == .badData && error?.found == "an infinite number in the tensor “w”")
  }
}
