#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace faultline::study {

// The picture files that a user means by files and folders: a file is taken as it is, a folder gives the
// pictures in it and below it (.jpg, .jpeg, .png, .webp, .ppm, .pgm, .pnm in any case), sorted by path.
// Throws Error{image} naming an argument that does not exist, or a folder without any picture.
std::vector<std::filesystem::path> list_images(const std::vector<std::string>& arguments);

// A class index as a table holds it. Throws Error{usage} beginning with `where` unless it lies in [0,
// classes).
int parse_class_index(const std::string& where, const std::string& text, int classes);

// The true class of pictures, from a CSV file with the columns "file" (its name or a path; of several rows
// with its name, the one whose path ends most like the picture's) and "class_index", or "folders": the k-th
// of the sorted names of the folders that hold the pictures is class k. Returns one class index a file.
// Throws Error{usage} naming the first file without a class or with several, or an index outside [0,
// classes).
std::vector<int> true_classes(const std::string& source, const std::vector<std::filesystem::path>& files,
                              int classes);

}  // namespace faultline::study
