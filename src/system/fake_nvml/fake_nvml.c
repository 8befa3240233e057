// Two cards: one that tells everything, and one that does not tell its load or temperature.
#include <stdint.h>
#include <string.h>

typedef struct { unsigned long long total, free, used; } memory_t;
typedef struct { unsigned int gpu, memory; } utilization_t;
enum { kSuccess = 0, kNotSupported = 3 };

int nvmlInit_v2(void) { return kSuccess; }
int nvmlShutdown(void) { return kSuccess; }
int nvmlDeviceGetCount_v2(unsigned int* count) { *count = 2; return kSuccess; }
int nvmlDeviceGetHandleByIndex_v2(unsigned int index, void** device) { *device = (void*)(uintptr_t)(index + 1); return kSuccess; }
int nvmlDeviceGetName(void* device, char* name, unsigned int length) {
  strncpy(name, device == (void*)1 ? "GeForce 1" : "GeForce 2", length);
  return kSuccess;
}
int nvmlDeviceGetMemoryInfo(void* device, memory_t* memory) {
  (void)device;
  memory->total = 24ull << 30;
  memory->used = 6ull << 30;
  memory->free = 18ull << 30;
  return kSuccess;
}
int nvmlDeviceGetUtilizationRates(void* device, utilization_t* rates) {
  if (device != (void*)1) return kNotSupported;
  rates->gpu = 37;
  rates->memory = 12;
  return kSuccess;
}
int nvmlDeviceGetTemperature(void* device, unsigned int sensor, unsigned int* degrees) {
  if (device != (void*)1 || sensor != 0) return kNotSupported;
  *degrees = 61;
  return kSuccess;
}
int nvmlDeviceGetPowerUsage(void* device, unsigned int* milliwatts) {
  if (device != (void*)1) return kNotSupported;
  *milliwatts = 142500;
  return kSuccess;
}
