# Builds for another platform with the programs in $ENV{ZIG_TOOLS}, which scripts/prebuild makes.
set(CMAKE_SYSTEM_NAME Linux)
string(REGEX MATCH "^[^-]+" CMAKE_SYSTEM_PROCESSOR $ENV{ZIG_TARGET})
foreach(tool AR RANLIB)
  string(TOLOWER ${tool} name)
  set(CMAKE_${tool} $ENV{ZIG_TOOLS}/${name} CACHE FILEPATH "")
endforeach()
set(CMAKE_CXX_COMPILER $ENV{ZIG_TOOLS}/c++)
set(CMAKE_SHARED_LINKER_FLAGS_INIT -s)
