using System.Runtime.InteropServices;

namespace SynthStudio.Compute;

/// <summary>
/// Asks the driver's management library (NVML), which is there where the driver is; libtorch is not loaded for it. Where the library is missing, or
/// refuses, there are no figures.
/// </summary>
public sealed class GpuMemoryReader : IGpuMemoryReader
{
    private const int Success = 0;

    private readonly DeviceCount? count;
    private readonly DeviceHandle? handle;
    private readonly DeviceMemory? memory;

    /// <param name="library">Name or path of NVML; null takes the driver's.</param>
    public GpuMemoryReader(string? library = null)
    {
        library ??= OperatingSystem.IsWindows() ? "nvml.dll" : "libnvidia-ml.so.1";
        if (NativeLibrary.TryLoad(library, out var nvml) && Find<Initialise>(nvml, "nvmlInit_v2")?.Invoke() == Success)
        {
            count = Find<DeviceCount>(nvml, "nvmlDeviceGetCount_v2");
            handle = Find<DeviceHandle>(nvml, "nvmlDeviceGetHandleByIndex_v2");
            memory = Find<DeviceMemory>(nvml, "nvmlDeviceGetMemoryInfo");
        }
    }

    private delegate int Initialise();

    private delegate int DeviceCount(out uint count);

    private delegate int DeviceHandle(uint index, out nint device);

    private delegate int DeviceMemory(nint device, out Memory memory);

    /// <inheritdoc/>
    public IReadOnlyList<GpuMemory> Read()
    {
        if (count is null || handle is null || memory is null || count(out var devices) != Success)
        {
            return [];
        }

        var figures = new List<GpuMemory>();
        for (var index = 0u; index < devices; index++)
        {
            if (handle(index, out var device) == Success && memory(device, out var found) == Success)
            {
                figures.Add(new GpuMemory((int)index, (long)found.Used, (long)found.Total));
            }
        }

        return figures;
    }

    private static T? Find<T>(nint library, string name) where T : Delegate =>
        NativeLibrary.TryGetExport(library, name, out var address) ? Marshal.GetDelegateForFunctionPointer<T>(address) : null;

    /// <summary>NVML's <c>nvmlMemory_t</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Memory
    {
        public ulong Total, Free, Used;
    }
}
