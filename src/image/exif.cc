#include "image/exif.h"

#include <libexif/exif-data.h>

#include <memory>

namespace faultline::codec {

int exif_orientation(const std::string& exif) {
  if (exif.empty()) return 1;
  // libexif wants the prefix that only JPEG demands.
  const std::string prefix("Exif\0\0", 6);
  const std::string block = exif.starts_with(prefix) ? exif : prefix + exif;
  if (block.size() > 1U << 24U) return 1;  // no writer makes such a block, and libexif counts in 32 bits
  const std::unique_ptr<ExifData, void (*)(ExifData*)> data(exif_data_new(), exif_data_unref);
  if (!data) return 1;
  exif_data_unset_option(data.get(), EXIF_DATA_OPTION_FOLLOW_SPECIFICATION);
  exif_data_set_option(data.get(), EXIF_DATA_OPTION_DONT_CHANGE_MAKER_NOTE);
  exif_data_load_data(data.get(), reinterpret_cast<const unsigned char*>(block.data()),
                      static_cast<unsigned int>(block.size()));
  const ExifEntry* entry = exif_content_get_entry(data->ifd[EXIF_IFD_0], EXIF_TAG_ORIENTATION);
  if (entry == nullptr || entry->format != EXIF_FORMAT_SHORT || entry->components < 1 || entry->size < 2)
    return 1;
  const int orientation = exif_get_short(entry->data, exif_data_get_byte_order(data.get()));
  return orientation >= 1 && orientation <= 8 ? orientation : 1;
}

}  // namespace faultline::codec
