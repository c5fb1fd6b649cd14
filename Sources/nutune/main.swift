import Foundation

// A closed output (`nutune list | head -1`) shows as a failed write, not as a signal.
signal(SIGPIPE, SIG_IGN)
// A limit on the size of a file shows as a failed write, too.
signal(SIGXFSZ, SIG_IGN)

// A standard stream that the caller closed (`2>&-`) keeps its number: a file of the run must not get it. It is opened
// for reading, so that writing to it still fails.
for stream in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(stream, F_GETFD) == -1 {
  _ = open("/dev/null", O_RDONLY)
}

// A process that tries plugins reports their crashes itself.
if CommandLine.arguments.dropFirst().first != "plugin" { MemoryExhaustion.watch() }
Interruption.watch()

do {
  try Nutune.checkLimits()
  let arguments = ColumnsArgument.joined(Array(CommandLine.arguments.dropFirst()))
  try Nutune.checkWords(arguments[...])
  try Nutune.checkVerb(arguments[...])
  var command = try Nutune.parseAsRoot(arguments)
  try command.run()
} catch {
  Nutune.end(Failure(error).report())
}
Nutune.end(0)
