import CHDF5
import Foundation
import NuTuneCore
import Synchronization

/// Debian's HDF5 is not thread-safe: one call at a time.
let hdf5Library = Mutex<Void>(())

extension CrossSectionTable {
  /// Writes an HDF5 file; the caller moves it into place. Throws for more points than can be read back.
  package func writeHDF5(to path: String) throws {
    guard count <= HDF5Limits.values else {
      throw NuTuneError(
        .cannotWrite, at: SourceLocation(file: path), found: "a table of \(count) points",
        expected: "at most \(HDF5Limits.values), which can be read back")
    }
    try hdf5Library.withLock { _ in
      nutune_h5_silence()
      let id = H5Fcreate(path, nutune_h5_truncate(), nutune_h5_default(), nutune_h5_default())
      let failure = NuTuneError(
        .cannotWrite, at: SourceLocation(file: path), found: "an HDF5 file that cannot be written",
        expected: "a writable folder with room for it")
      guard id >= 0 else { throw failure }
      var isWritten = labels.sorted { $0.key < $1.key }.allSatisfy { Self.write($0.value, as: $0.key, to: id) }
      let columns = [energy, leptonEnergy, cosTheta, values]
      for (name, (unit, column)) in zip(Self.columns, zip(Self.columnUnits, columns)) where isWritten {
        isWritten = Self.write(column, as: name, unit: unit, to: id)
      }
      guard H5Fclose(id) >= 0, isWritten else { throw failure }
    }
  }

  private static func write(_ text: String, as name: String, to object: hid_t) -> Bool {
    let type = H5Tcopy(nutune_h5_string())
    defer { H5Tclose(type) }
    guard H5Tset_size(type, max(text.utf8.count, 1)) >= 0, H5Tset_cset(type, H5T_CSET_UTF8) >= 0 else { return false }
    let space = H5Screate(H5S_SCALAR)
    defer { H5Sclose(space) }
    let attribute = H5Acreate2(object, name, type, space, nutune_h5_default(), nutune_h5_default())
    guard attribute >= 0 else { return false }
    defer { H5Aclose(attribute) }
    let bytes = text.isEmpty ? [0] : Array(text.utf8)
    return H5Awrite(attribute, type, bytes) >= 0
  }

  private static func write(_ column: [Double], as name: String, unit: String, to file: hid_t) -> Bool {
    var size = hsize_t(column.count)
    let space = H5Screate_simple(1, &size, nil)
    defer { H5Sclose(space) }
    let properties = H5Pcreate(nutune_h5_dataset_creation())
    defer { H5Pclose(properties) }
    if column.count > 1 {
      // The first two columns hardly change from point to point, and compress to almost nothing.
      var chunk = min(size, 16384)
      guard H5Pset_chunk(properties, 1, &chunk) >= 0, H5Pset_shuffle(properties) >= 0,
        H5Pset_deflate(properties, 4) >= 0
      else { return false }
    }
    let id = H5Dcreate2(
      file, name, nutune_h5_little_endian_double(), space, nutune_h5_default(), properties, nutune_h5_default())
    guard id >= 0 else { return false }
    defer { H5Dclose(id) }
    return write(unit, as: "unit", to: id)
      && H5Dwrite(id, nutune_h5_double(), nutune_h5_all(), nutune_h5_all(), nutune_h5_default(), column) >= 0
  }
}
