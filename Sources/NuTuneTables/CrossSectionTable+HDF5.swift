import CHDF5
import Foundation
import NuTuneCore
import Synchronization

/// Debian's HDF5 is not safe for threads: one call at a time.
private let library = Mutex<Void>(())

extension CrossSectionTable {
  /// Reads an HDF5 file.
  init(hdf5 file: String) throws {
    self.init()
    self.file = file
    let (labels, columns) = try library.withLock { _ in
      nutune_h5_silence()
      let id = H5Fopen(file, nutune_h5_readonly(), nutune_h5_default())
      guard id >= 0 else { throw Self.refuse(file, "an HDF5 file that cannot be opened", "a whole one") }
      defer { H5Fclose(id) }
      return (Self.labels(of: id), try Self.columns.map { try Self.column($0, of: id, file: file) })
    }
    self.labels = labels
    for (name, column) in zip(Self.columns, columns) where column.count != columns[0].count {
      throw Self.refuse(file, "\(column.count) values in “\(name)”", "\(columns[0].count), as in “energy”")
    }
    guard !columns[0].isEmpty else { throw Self.refuse(file, "empty datasets", "at least one point") }
    (energy, leptonEnergy, cosTheta, values) = (columns[0], columns[1], columns[2], columns[3])
  }

  /// Writes an HDF5 file; the caller moves it into place.
  public func writeHDF5(to path: String) throws {
    try library.withLock { _ in
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

  private static func refuse(_ file: String, _ found: String, _ expected: String) -> NuTuneError {
    NuTuneError(.badData, at: SourceLocation(file: file), found: found, expected: expected)
  }

  private static func column(_ name: String, of file: hid_t, file path: String) throws -> [Double] {
    guard H5Lexists(file, name, nutune_h5_default()) > 0 else {
      throw refuse(path, "no dataset “\(name)”", "the datasets \(columns.joined(separator: ", "))")
    }
    let id = H5Dopen2(file, name, nutune_h5_default())
    guard id >= 0 else { throw refuse(path, "“\(name)”, which is no dataset", "a dataset") }
    defer { H5Dclose(id) }
    let space = H5Dget_space(id)
    defer { H5Sclose(space) }
    guard H5Sget_simple_extent_ndims(space) == 1 else {
      throw refuse(path, "a dataset “\(name)” of \(H5Sget_simple_extent_ndims(space)) dimensions", "one dimension")
    }
    let count = Int(H5Sget_simple_extent_npoints(space))
    var values = [Double](repeating: 0, count: count)
    guard
      count == 0 || H5Dread(id, nutune_h5_double(), nutune_h5_all(), nutune_h5_all(), nutune_h5_default(), &values) >= 0
    else {
      throw refuse(path, "a dataset “\(name)” that is not made of numbers", "numbers")
    }
    if let bad = values.firstIndex(where: { !$0.isFinite }) {
      throw refuse(path, "\(values[bad]) in “\(name)” (row \(bad) of the datasets)", "finite numbers")
    }
    return values
  }

  /// The text attributes of a file.
  private static func labels(of file: hid_t) -> [String: String] {
    var labels: [String: String] = [:]
    for key in ["unit", "model", "channel", "target", "parameters"] where H5Aexists(file, key) > 0 {
      let attribute = H5Aopen(file, key, nutune_h5_default())
      guard attribute >= 0 else { continue }
      defer { H5Aclose(attribute) }
      let type = H5Aget_type(attribute)
      defer { H5Tclose(type) }
      guard H5Tget_class(type) == H5T_STRING else { continue }
      if H5Tis_variable_str(type) > 0 {
        // What h5py writes for a Python string.
        var text: UnsafeMutablePointer<CChar>?
        guard H5Aread(attribute, type, &text) >= 0, let text else { continue }
        labels[key] = String(cString: text)
        H5free_memory(text)
      } else {
        var bytes = [UInt8](repeating: 0, count: H5Tget_size(type) + 1)
        guard H5Aread(attribute, type, &bytes) >= 0 else { continue }
        labels[key] = String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
    }
    return labels
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
      // The first two columns hardly change from point to point: they cost nothing compressed.
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
