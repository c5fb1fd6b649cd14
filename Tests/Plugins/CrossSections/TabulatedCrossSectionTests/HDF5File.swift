import CHDF5
import Foundation
import Testing

/// An HDF5 file made call by call, so that it can be what no careful program writes.
struct HDF5File: ~Copyable {
  private let id: hid_t

  init(_ path: String) throws {
    id = H5Fcreate(path, nutune_h5_truncate(), nutune_h5_default(), nutune_h5_default())
    try #require(id >= 0)
  }

  deinit { H5Fclose(id) }

  /// The columns of a table with `count` values each: those given are written, others stay as they were declared.
  func columns(_ count: Int, chunk: Int? = nil, leavingOut name: String? = nil, values: [Double]? = nil) throws {
    for column in ["energy", "lepton_energy", "cos_theta", "d2sigma"] where column != name {
      try dataset(column, [count], chunk: chunk, values: values)
    }
  }

  /// A dataset; `chunk` makes it a compressed one in pieces of that many values.
  func dataset(
    _ name: String, _ shape: [Int], type: hid_t = nutune_h5_little_endian_double(), chunk: Int? = nil,
    outside: String? = nil, values: [Double]? = nil
  ) throws {
    let sizes = shape.map { hsize_t($0) }
    // A dataset that may grow has no end.
    let ends = chunk.map { $0 > shape[0] } == true ? [hsize_t.max] : sizes
    let space = shape.isEmpty ? H5Screate(H5S_SCALAR) : H5Screate_simple(Int32(sizes.count), sizes, ends)
    let properties = H5Pcreate(nutune_h5_dataset_creation())
    if let chunk {
      var size = hsize_t(chunk)
      try #require(H5Pset_chunk(properties, 1, &size) >= 0 && H5Pset_deflate(properties, 9) >= 0)
    }
    if let outside { try #require(H5Pset_external(properties, outside, 0, hsize_t(8 * shape[0])) >= 0) }
    let dataset = H5Dcreate2(id, name, type, space, nutune_h5_default(), properties, nutune_h5_default())
    try #require(dataset >= 0)
    if let values {
      try #require(
        H5Dwrite(
          dataset, nutune_h5_double(), nutune_h5_all(), nutune_h5_all(), nutune_h5_default(), values) >= 0)
    }
    H5Dclose(dataset)
    H5Pclose(properties)
    H5Sclose(space)
  }

  func group(_ name: String) {
    H5Gclose(H5Gcreate2(id, name, nutune_h5_default(), nutune_h5_default(), nutune_h5_default()))
  }

  func externalLink(_ name: String, to file: String) {
    H5Lcreate_external(file, name, id, name, nutune_h5_default(), nutune_h5_default())
  }

  /// Texts as h5py writes a list of them: pointers where `size` is nil, otherwise `size` bytes each.
  func attribute(_ name: String, texts: [String], size: Int? = nil) throws {
    let type = H5Tcopy(nutune_h5_string())
    try #require(H5Tset_size(type, size ?? Int.max) >= 0 || size == nil)
    if size == nil { try #require(H5Tset_size(type, -1) >= 0) }
    var count = hsize_t(texts.count)
    let space = H5Screate_simple(1, &count, nil)
    let attribute = H5Acreate2(id, name, type, space, nutune_h5_default(), nutune_h5_default())
    try #require(attribute >= 0)
    if let size {
      let bytes = texts.flatMap {
        Array($0.utf8.prefix(size)) + Array(repeating: 0, count: max(size - $0.utf8.count, 0))
      }
      try #require(H5Awrite(attribute, type, bytes) >= 0)
    } else {
      let pointers = texts.map { strdup($0) }
      defer { for pointer in pointers { free(pointer) } }
      try #require(H5Awrite(attribute, type, pointers) >= 0)
    }
    H5Aclose(attribute)
    H5Sclose(space)
    H5Tclose(type)
  }

  /// A number where a text is expected.
  func attribute(_ name: String, number: Double) throws {
    let space = H5Screate(H5S_SCALAR)
    let attribute = H5Acreate2(
      id, name, nutune_h5_little_endian_double(), space, nutune_h5_default(), nutune_h5_default())
    var number = number
    try #require(H5Awrite(attribute, nutune_h5_double(), &number) >= 0)
    H5Aclose(attribute)
    H5Sclose(space)
  }
}
