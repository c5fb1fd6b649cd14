import Foundation
import NuTuneCore
import NuTuneFiles
import Testing

/// The file that code was loaded from.
@Suite struct LoadedImageTests {
  private static let maps = """
    55d0c9a00000-55d0c9c00000 r-xp 00000000 fe:00 1204344                    /usr/bin/python3.11
    7f49e9c1e000-7f49e9c44000 rw-p 00000000 00:00 0 
    7f49e9c44000-7f49e9d9a000 r--p 00b09000 fe:00 333151                     /opt/with blank/libNuTuneC.so
    7ffd1c5f1000-7ffd1c612000 rw-p 00000000 00:00 0                          [stack]
    """

  @Test(
    arguments: [
      (0x55d0_c9a0_0000, "/usr/bin/python3.11"), (0x7f49_e9d9_9fff, "/opt/with blank/libNuTuneC.so"),
      (0x7f49_e9d9_a000, nil), (0x7f49_e9c2_0000, nil), (0, nil),
    ] as [(UInt, String?)])
  func mappingsAreFoundByAddress(_ address: UInt, _ path: String?) {
    #expect(LoadedImage.mapping(of: address, in: Self.maps) == path)
  }

  @Test func aProgramIsItsOwnImage() {
    #expect(LoadedImage.file == "/proc/self/exe" && LoadedImage.path == FilePath.runningProgram)
    #expect(NuTuneVersion.build == BuildIdentity.ofFile("/proc/self/exe") ?? Digest.sha256(ofFile: "/proc/self/exe"))
  }

  /// Two notes, the first of them another one: sizes, type, name and contents with their padding.
  @Test func theIdentityOfABuildIsANote() {
    let other: [UInt8] = [5, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0] + Array("Go12\0".utf8) + [0, 0, 0, 7, 7, 0, 0]
    let mine: [UInt8] = [4, 0, 0, 0, 3, 0, 0, 0, 3, 0, 0, 0] + Array("GNU\0".utf8) + [0xab, 0x01, 0xff, 0]
    #expect(BuildIdentity.identity(in: other + mine) == "ab01ff")
    #expect(BuildIdentity.identity(in: other) == nil && BuildIdentity.identity(in: Array(mine.dropLast(2))) == nil)
    #expect(BuildIdentity.ofFile("/proc/self/maps") == nil && BuildIdentity.ofFile("/nowhere") == nil)
  }
}
