import NuTuneCore
import Testing

/// Paths that Foundation cuts wrongly, or stops at.
@Suite struct FilePathTests {
  @Test(arguments: [
    ("", ".", ""), (".", ".", "."), ("/", "/", "/"), ("//", "/", "/"), ("a", ".", "a"), ("a/", ".", "a"),
    ("a//", ".", "a"), ("/a", "/", "a"), ("/a/", "/", "a"), ("a/b", "a", "b"), ("a//b", "a", "b"), ("-x", ".", "-x"),
    ("-x/-y", "-x", "-y"), (" ", ".", " "), (" / ", " ", " "), ("a/b\nc", "a", "b\nc"), ("..", ".", ".."),
    ("../a", "..", "a"), ("é", ".", "é"), ("a/\u{301}b", "a", "\u{301}b"), ("a\r\n/b", "a\r\n", "b"),
  ])
  func isCut(_ path: String, folder: String, name: String) {
    #expect(FilePath.folder(of: path) == folder)
    #expect(FilePath.name(of: path) == name)
  }

  @Test(arguments: [
    ("a", "b", "a/b"), ("a/", "b", "a/b"), ("", "b", "b"), ("a", "/b", "/b"), ("/", "b", "/b"), ("a", "", "a/"),
  ])
  func isJoined(_ folder: String, _ path: String, whole: String) {
    #expect(FilePath.join(folder, path) == whole)
  }

  @Test(arguments: [
    ("a", "/f/a"), ("", "/f"), (".", "/f"), ("./a/", "/f/a"), ("../a", "/a"), ("../../a", "/a"), ("/", "/"),
    ("//a/./b/..", "/a"),
    ("a b\nc", "/f/a b\nc"),
  ])
  func isMadeAbsolute(_ path: String, whole: String) {
    #expect(FilePath.absolute(path, in: "/f") == whole)
  }
}
