// Reads a table of cross sections out of an HDF5 file in a process of its own.
//
// The library trusts what a file declares and can corrupt memory over a flipped byte. So the calling process forks; the
// child has bounded memory and time, asks for space, class and size of everything before it reads any of it, and sends
// what it read through a pipe. Whatever happens to the child is a sentence in the parent. This guards against broken
// files, not against somebody who takes over the library: the child runs with the rights of its user.
#pragma once
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

enum nutune_h5_problem {
  nutune_h5_none = 0,
  nutune_h5_open,                // no HDF5 file, or not a whole one
  nutune_h5_missing,             // no dataset of that name
  nutune_h5_link,                // the name leads to another file
  nutune_h5_no_dataset,          // something else than a dataset
  nutune_h5_dimensions,          // found: number of dimensions, not one
  nutune_h5_class,               // not made of numbers
  nutune_h5_elsewhere,           // the numbers lie in another file
  nutune_h5_too_many,            // found: number of values, above the limit
  nutune_h5_chunk,               // found: values in a chunk, above the limit
  nutune_h5_other_count,         // found: number of values, not that of the first dataset
  nutune_h5_unreadable,          // the library cannot read the values
  nutune_h5_texts,               // found: number of texts in an attribute, not one
  nutune_h5_no_text,             // an attribute that is no text
  nutune_h5_long_text,           // found: bytes of an attribute, above the limit
  nutune_h5_unreadable_text      // the library cannot read the attribute
};

// What the child says before the labels, and before every column.
struct nutune_h5_report {
  int32_t problem;  // of enum nutune_h5_problem
  int32_t which;    // index of the dataset or attribute
  uint64_t found;   // number that goes with the problem; without one, the number of values of every dataset
};

struct nutune_h5_request {
  const char *path;
  const char *const *columns;  // names of datasets, all of them one-dimensional and of one length
  int32_t column_count;
  const char *const *labels;  // names of attributes of the file, one text each where they exist
  int32_t label_count;
  uint64_t most_values;   // of a dataset, and of a chunk
  uint64_t longest_text;  // in bytes
  uint64_t memory;        // bytes that the child may have beside what the parent has
  uint32_t seconds;       // of processor time; waiting for the disk may take four times as long
};

struct nutune_h5_child {
  pid_t process;
  int pipe;
  int64_t deadline;  // in ms of the monotonic clock
};

// Starts the child; 0, or errno. The child sends a report, then for each label its length as int32_t (-1 where there is
// none) and its bytes, then for each column a report and its values as double. It ends after a report with a problem.
int nutune_h5_start(const struct nutune_h5_request *request, struct nutune_h5_child *child);

// Waits for bytes of the child: 0, 1 when it ended before, 2 when the time is over.
int nutune_h5_receive(const struct nutune_h5_child *child, void *bytes, size_t count);

// Ends the child if it still runs: the signal that ended it by itself, 0 where none did.
int nutune_h5_finish(const struct nutune_h5_child *child);

#ifdef __cplusplus
}
#endif
