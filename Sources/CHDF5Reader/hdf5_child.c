#include "hdf5_child.h"

#include <hdf5.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// The parent may be gone: then there is nobody to tell, and the child ends.
static void send_bytes(int pipe, const void *bytes, size_t count) {
  const char *next = bytes;
  while (count > 0) {
    ssize_t written = write(pipe, next, count);
    if (written <= 0) _exit(1);
    next += written;
    count -= (size_t)written;
  }
}

static void send_report(int pipe, enum nutune_h5_problem problem, int32_t which, uint64_t found) {
  struct nutune_h5_report report = {problem, which, found};
  send_bytes(pipe, &report, sizeof report);
}

static void refuse(int pipe, enum nutune_h5_problem problem, int32_t which, uint64_t found) {
  send_report(pipe, problem, which, found);
  _exit(0);
}

// Refuses a dataset whose values lie outside the file, or in chunks above the limit, which are read as a whole.
static void check_storage(const struct nutune_h5_request *request, int pipe, int32_t which, hid_t dataset) {
  hid_t properties = H5Dget_create_plist(dataset);
  H5D_layout_t layout = H5Pget_layout(properties);
  int is_inside = layout == H5D_COMPACT || layout == H5D_CONTIGUOUS || layout == H5D_CHUNKED;
  if (!is_inside || H5Pget_external_count(properties) != 0) refuse(pipe, nutune_h5_elsewhere, which, 0);
  if (layout == H5D_CHUNKED) {
    hsize_t chunk[H5S_MAX_RANK] = {0};
    if (H5Pget_chunk(properties, H5S_MAX_RANK, chunk) != 1) refuse(pipe, nutune_h5_unreadable, which, 0);
    if (chunk[0] > request->most_values) refuse(pipe, nutune_h5_chunk, which, chunk[0]);
  }
  H5Pclose(properties);
}

// Opens a dataset and asks for everything that decides what reading it takes; the number of its values in count.
static hid_t checked_dataset(
    const struct nutune_h5_request *request, int pipe, int32_t which, hid_t file, uint64_t *count) {
  const char *name = request->columns[which];
  if (H5Lexists(file, name, H5P_DEFAULT) <= 0) refuse(pipe, nutune_h5_missing, which, 0);
  H5L_info_t link;
  if (H5Lget_info(file, name, &link, H5P_DEFAULT) < 0) refuse(pipe, nutune_h5_missing, which, 0);
  if (link.type != H5L_TYPE_HARD) refuse(pipe, nutune_h5_link, which, 0);
  hid_t dataset = H5Dopen2(file, name, H5P_DEFAULT);
  if (dataset < 0) refuse(pipe, nutune_h5_no_dataset, which, 0);

  hid_t space = H5Dget_space(dataset);
  int dimensions = H5Sget_simple_extent_ndims(space);
  if (H5Sget_simple_extent_type(space) != H5S_SIMPLE || dimensions != 1)
    refuse(pipe, nutune_h5_dimensions, which, dimensions < 0 ? 0 : (uint64_t)dimensions);
  hssize_t values = H5Sget_simple_extent_npoints(space);
  if (values < 0) refuse(pipe, nutune_h5_unreadable, which, 0);
  if ((uint64_t)values > request->most_values) refuse(pipe, nutune_h5_too_many, which, (uint64_t)values);
  *count = (uint64_t)values;

  hid_t type = H5Dget_type(dataset);
  H5T_class_t class = H5Tget_class(type);
  if ((class != H5T_FLOAT && class != H5T_INTEGER) || H5Tget_size(type) > 16) refuse(pipe, nutune_h5_class, which, 0);
  check_storage(request, pipe, which, dataset);
  H5Tclose(type);
  H5Sclose(space);
  return dataset;
}

// Sends the text of an attribute, or that there is none.
static void send_label(const struct nutune_h5_request *request, int pipe, int32_t which, hid_t file) {
  const char *name = request->labels[which];
  int32_t length = -1;
  if (H5Aexists(file, name) <= 0) {
    send_bytes(pipe, &length, sizeof length);
    return;
  }
  hid_t attribute = H5Aopen(file, name, H5P_DEFAULT);
  hid_t type = H5Aget_type(attribute);
  hid_t space = H5Aget_space(attribute);
  char *text = NULL;
  size_t size = H5Tget_size(type);
  if (H5Tis_variable_str(type) > 0) {
    if (H5Aread(attribute, type, &text) < 0) _exit(1);
    length = text == NULL ? 0 : (int32_t)strnlen(text, request->longest_text);
  } else {
    text = calloc(size + 1, 1);
    if (text == NULL || H5Aread(attribute, type, text) < 0) _exit(1);
    length = (int32_t)strnlen(text, size);
  }
  send_bytes(pipe, &length, sizeof length);
  if (length > 0) send_bytes(pipe, text, (size_t)length);
  H5Sclose(space);
  H5Tclose(type);
  H5Aclose(attribute);
}

// Refuses an attribute that is not one text of a bounded length. An array of texts has the type of its elements: read as
// if it were one, it runs over whatever lies behind.
static void check_label(const struct nutune_h5_request *request, int pipe, int32_t which, hid_t file) {
  const char *name = request->labels[which];
  if (H5Aexists(file, name) <= 0) return;
  hid_t attribute = H5Aopen(file, name, H5P_DEFAULT);
  if (attribute < 0) refuse(pipe, nutune_h5_unreadable_text, which, 0);
  hid_t type = H5Aget_type(attribute);
  if (H5Tget_class(type) != H5T_STRING) refuse(pipe, nutune_h5_no_text, which, 0);
  hid_t space = H5Aget_space(attribute);
  hssize_t texts = H5Sget_simple_extent_npoints(space);
  if (H5Sget_simple_extent_type(space) == H5S_NULL || texts != 1)
    refuse(pipe, nutune_h5_texts, which, texts < 0 ? 0 : (uint64_t)texts);
  if (H5Tis_variable_str(type) > 0) {
    char *text = NULL;
    if (H5Aread(attribute, type, &text) < 0) refuse(pipe, nutune_h5_unreadable_text, which, 0);
    size_t length = text == NULL ? 0 : strnlen(text, request->longest_text + 1);
    if (length > request->longest_text) refuse(pipe, nutune_h5_long_text, which, length);
    H5Dvlen_reclaim(type, space, H5P_DEFAULT, &text);
  } else if (H5Tget_size(type) > request->longest_text) {
    refuse(pipe, nutune_h5_long_text, which, H5Tget_size(type));
  }
  H5Sclose(space);
  H5Tclose(type);
  H5Aclose(attribute);
}

void nutune_h5_child_reads(const struct nutune_h5_request *request, int pipe) {
  H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
  // A file may name filters; what it names is not loaded.
  H5PLset_loading_state(0);
  hid_t file = H5Fopen(request->path, H5F_ACC_RDONLY, H5P_DEFAULT);
  if (file < 0) refuse(pipe, nutune_h5_open, 0, 0);
  for (int32_t label = 0; label < request->label_count; label++) check_label(request, pipe, label, file);

  hid_t datasets[16];
  uint64_t count = 0;
  for (int32_t column = 0; column < request->column_count; column++) {
    uint64_t values = 0;
    datasets[column] = checked_dataset(request, pipe, column, file, &values);
    if (column == 0) count = values;
    if (values != count) refuse(pipe, nutune_h5_other_count, column, values);
  }
  send_report(pipe, nutune_h5_none, 0, count);
  for (int32_t label = 0; label < request->label_count; label++) send_label(request, pipe, label, file);

  double *values = malloc(count > 0 ? count * sizeof *values : 1);
  for (int32_t column = 0; column < request->column_count; column++) {
    if (values == NULL
        || (count > 0 && H5Dread(datasets[column], H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) < 0))
      refuse(pipe, nutune_h5_unreadable, column, count);
    send_report(pipe, nutune_h5_none, column, count);
    send_bytes(pipe, values, count * sizeof *values);
  }
  _exit(0);
}
